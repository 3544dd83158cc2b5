//! Query plans do not depend on which tenants ANALYZE has seen. Every statement of a tenant is
//! explained for a large tenant that the statistics know, for a large one that arrived since,
//! and for a tiny one.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use store::system::SETTINGS;
use uuid::Uuid;

use crate::support::TestDb;

const PARAMETERS: &str = include_str!("plans/parameters.txt");
/// Maximum number of rows of one upload or replay.
const BATCH: i64 = 2_000;
/// Two runs each.
const TENANTS: [(&str, i64); 3] = [("known", 10_000), ("unknown", 4_000), ("tiny", 5)];

#[tokio::test]
async fn every_statement_reads_a_tenant_that_the_statistics_do_not_know_like_any_other() {
    let db = TestDb::new().await;
    let mut superuser = db.connect("postgres").await;
    let tenants = fill(&mut superuser).await;
    let mut readings = HashMap::new();
    for (name, id, units) in &tenants {
        let values = values(&mut superuser, name, *id, *units).await;
        let mut login = db.connect("firstpass_login").await;
        readings.insert(*name, explain_all(&mut login, *id, &values).await);
    }
    let mut faults = Vec::new();
    for (name, _, units) in &tenants {
        for reading in &readings[name] {
            let statement = &reading.statement;
            faults
                .extend(reading.foreign.iter().map(|scan| format!("{statement}, {name}: {scan}")));
            // A quadratic plan would read thousands of times the rows of the tenant.
            if reading.removed > 5 * 2 * units + 1_000 {
                faults.push(format!("{statement}, {name}: {} rows read in vain", reading.removed));
            }
        }
    }
    for (known, unknown) in readings["known"].iter().zip(&readings["unknown"]) {
        let ratio = unknown.buffers_per_row() / known.buffers_per_row();
        if !(1.0 / 3.0..=3.0).contains(&ratio) {
            faults.push(format!("{}: {ratio:.2} times the buffers a row", known.statement));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(readings["known"].iter().map(|it| it.buffers).sum::<i64>() > 100_000);
}

#[test]
fn every_statement_of_a_tenant_is_explained() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("store/sql/tenant");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let all: BTreeSet<String> =
        files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let explained: BTreeSet<String> = statements().map(|(_, name, _)| name.to_owned()).collect();
    let missing: Vec<&String> = all
        .difference(&explained)
        // COPY has no plan, and the staging table is created before.
        .filter(|name| !name.starts_with("copy_") && *name != "stage_create")
        .collect();
    assert!(missing.is_empty(), "add them to plans/parameters.txt: {missing:?}");
}

/// Line, name and parameters. A line of `!` has no name.
fn statements() -> impl Iterator<Item = (usize, &'static str, &'static str)> {
    PARAMETERS
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(at, line)| match line.strip_prefix('!') {
            Some(command) => (at + 1, "", command),
            None => {
                let (name, parameters) = line.split_once(": ").unwrap_or((line, ""));
                (at + 1, name, parameters)
            }
        })
}

async fn run(connection: &mut PgConnection, sql: impl Into<String>) {
    let sql = sql.into();
    if let Err(error) = connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.clone()))).await {
        panic!("{error}: {sql}");
    }
}

/// Inserts three tenants. Only the first exists when ANALYZE runs.
async fn fill(superuser: &mut PgConnection) -> Vec<(&'static str, Uuid, i64)> {
    run(superuser, include_str!("plans/factory.sql")).await;
    run(
        superuser,
        "select keep_month(kept, month::date)
         from unnest(array['run', 'step', 'measurement', 'finding', 'component']) kept,
              generate_series('2025-01-01'::date, '2025-03-01', '1 month') month;
         do $$ declare kept regclass; begin
             for kept in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
                 execute format('alter table %s set (autovacuum_enabled = false)', kept);
             end loop;
         end $$;
         grant usage on schema factory to public",
    )
    .await;
    let tenants = TENANTS.map(|(name, units)| (name, Uuid::now_v7(), units));
    for (name, id, units) in tenants {
        run(
            superuser,
            format!(
                "insert into tenant (id, slug, name, timezone, created_at)
                 values ('{id}', '{name}', '{name}', 'Asia/Taipei', now());
                 select factory.fill('{id}', '{name}', {units}::integer)"
            ),
        )
        .await;
        if name == "known" {
            run(superuser, "analyze").await;
        }
    }
    tenants.to_vec()
}

/// SQL expressions for the placeholders in braces.
async fn values(
    superuser: &mut PgConnection,
    name: &str,
    tenant: Uuid,
    units: i64,
) -> HashMap<&'static str, String> {
    let mut values = HashMap::from([
        ("tenant", format!("'{tenant}'")),
        ("receipt", format!("md5('{name}')::uuid")),
        ("sha256", format!("'{name}'::bytea")),
        ("everything", format!("'{tenant}' | null | null | null | null | '{{}}'")),
        (
            "window",
            format!(
                r#"'{tenant}' | '2025-01-03Z' | '2025-01-12Z' | '2025-01-04' | '2025-01-11' | '{{"operation":["OP-1"]}}'"#
            ),
        ),
    ]);
    let unit = format!(
        "(select id from unit where tenant_id = '{tenant}' order by id limit 1 offset {})",
        units / 2
    );
    let first_run = |column: &str| {
        format!(
            "select {column}::text from run where tenant_id = '{tenant}' and unit_id = {unit} order by started_at limit 1"
        )
    };
    let array = |column: &str, table: &str| {
        format!(
            "select array(select {column} from {table} where tenant_id = '{tenant}' order by id limit {BATCH})::text"
        )
    };
    for (name, sql) in [
        ("unit", format!("select {unit}::text")),
        ("serial", format!("select serial from unit where id = {unit}")),
        (
            "own_runs",
            format!(
                "select array(select id from run where tenant_id = '{tenant}' and unit_id = {unit})::text"
            ),
        ),
        ("run", first_run("id")),
        ("started_at", first_run("started_at")),
        (
            "parts",
            format!(
                "select array(select distinct c.serial from run r join component c on c.run_id = r.id where r.unit_id = {unit})::text"
            ),
        ),
        (
            "parameters",
            format!(
                "select array(select id from parameter where tenant_id = '{tenant}' and name = 'temp-1')::text"
            ),
        ),
        ("units", array("id", "unit")),
        ("serials", array("serial", "unit")),
        ("kinds", array("1", "unit")),
        ("new_serials", array("'new' || serial", "unit")),
        ("new_runs", array("md5('new' || serial)::uuid", "unit")),
        ("runs", array("id", "run")),
        ("run_units", array("unit_id", "run")),
        ("run_starts", array("started_at", "run")),
        ("digests", array("digest", "parameter")),
        ("new_digests", array("digest || digest", "parameter")),
        ("texts", array("'x' || id", "parameter")),
    ] {
        let value: String =
            sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *superuser).await.unwrap();
        values.insert(name, format!("'{value}'"));
    }
    values
}

/// Explains all statements in one transaction, in which the later ones see what the earlier ones
/// wrote, as an upload does. The transaction is rolled back.
async fn explain_all(
    login: &mut PgConnection,
    tenant: Uuid,
    values: &HashMap<&'static str, String>,
) -> Vec<Reading> {
    let mut tx = login.begin().await.unwrap();
    for (setting, value) in SETTINGS {
        run(&mut tx, format!("set local {setting} = '{value}'")).await;
    }
    run(&mut tx, format!("set local role firstpass_app; set local app.tenant = '{tenant}'")).await;
    run(&mut tx, include_str!("../../store/sql/tenant/stage_create.sql")).await;
    run(&mut tx, format!("select factory.stage('{tenant}', {BATCH})")).await;
    run(&mut tx, "set local statement_timeout = '60s'").await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("store/sql/tenant");
    let mut readings = Vec::new();
    for (line, name, parameters) in statements() {
        if name.is_empty() {
            run(&mut tx, parameters).await;
            continue;
        }
        let mut parameters = parameters.to_owned();
        for (name, value) in values {
            parameters = parameters.replace(&format!("{{{name}}}"), value);
        }
        let parameters = match parameters.is_empty() {
            true => String::new(),
            false => format!("({})", parameters.split(" | ").collect::<Vec<_>>().join(", ")),
        };
        let sql = std::fs::read_to_string(folder.join(format!("{name}.sql"))).unwrap();
        run(&mut tx, format!("prepare statement_{line} as {sql}")).await;
        let explain =
            format!("explain (analyze, buffers, format json) execute statement_{line}{parameters}");
        let row = match tx.fetch_one(sqlx::raw_sql(AssertSqlSafe(explain))).await {
            Ok(row) => row,
            Err(error) => panic!("{name}, line {line}: {error}"),
        };
        let plan: Value = row.get(0);
        let mut reading = Reading::new(format!("{name} (line {line})"), &plan[0]["Plan"]);
        reading.add(&plan[0]["Plan"]);
        readings.push(reading);
    }
    tx.rollback().await.unwrap();
    readings
}

/// The rows and buffers that a statement read.
#[derive(Debug)]
struct Reading {
    statement: String,
    buffers: i64,
    /// Rows that were read from tables, including those that were filtered out.
    rows: i64,
    /// Maximum number of rows that one node of the plan filtered out.
    removed: i64,
    /// Scans that read rows of other tenants.
    foreign: Vec<String>,
}

impl Reading {
    fn new(statement: String, plan: &Value) -> Self {
        let buffers = ["Shared Hit Blocks", "Shared Read Blocks"];
        let buffers = buffers.iter().filter_map(|name| plan[*name].as_i64()).sum();
        Self { statement, buffers, rows: 0, removed: 0, foreign: Vec::new() }
    }

    fn add(&mut self, node: &Value) {
        let loops = node["Actual Loops"].as_f64().unwrap_or(0.0);
        let rows = |name: &str| (node[name].as_f64().unwrap_or(0.0) * loops) as i64;
        let text = |name: &str| node[name].as_str().unwrap_or_default();
        let [filtered, unjoined, rechecked] = [
            "Rows Removed by Filter",
            "Rows Removed by Join Filter",
            "Rows Removed by Index Recheck",
        ]
        .map(rows);
        self.removed = self.removed.max(filtered.max(unjoined).max(rechecked));
        let (kind, table, index) = (text("Node Type"), text("Relation Name"), text("Index Name"));
        let read = rows("Actual Rows") + filtered + rechecked;
        if kind == "Bitmap Index Scan" || (kind.ends_with("Scan") && !table.is_empty()) {
            // The rows of a bitmap scan are counted at the bitmap index scan.
            self.rows += if kind == "Bitmap Heap Scan" { filtered } else { read };
        }
        // One or two pages are always read.
        let whole = kind == "Seq Scan" && !table.starts_with("stage_") && read > 50;
        let condition = text("Index Cond");
        if whole
            || (!index.is_empty() && index != "tenant_pkey" && !condition.contains("tenant_id = "))
        {
            self.foreign.push(format!("{kind} of {table} {index} {condition}"));
        }
        for below in node["Plans"].as_array().into_iter().flatten() {
            self.add(below);
        }
    }

    /// Statements that read few rows have no significant ratio.
    fn buffers_per_row(&self) -> f64 {
        (self.buffers + 20) as f64 / (self.rows + 20) as f64
    }
}
