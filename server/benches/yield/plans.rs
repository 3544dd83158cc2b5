//! Shows the plans of our statements over runs, with the role of the API.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Postgres};
use uuid::Uuid;

use super::questions::{FROM, OPERATIONS, TO};

/// Parameters of the statements over runs: the window in days, the filters, the grouping.
#[derive(Default, Clone)]
struct Params {
    window: Option<(&'static str, &'static str)>,
    operation: Option<&'static str>,
    product: Option<&'static str>,
    station: Option<&'static str>,
    fixture: Option<&'static str>,
    grouped: Option<&'static str>,
}

const OPERATION: Option<&str> = Some("operation");
const STATION: Option<&str> = Some("station");
const DAY: Option<&str> = Some("day");

/// Prints the plans; returns whether none of them reads a table of runs with a full scan.
pub(crate) async fn show(superuser: &mut PgConnection, tenant: Uuid) -> bool {
    let of_operation = Params { operation: Some(OPERATIONS[2]), grouped: DAY, ..Params::default() };
    let of_station = Params { window: Some((FROM, TO)), grouped: STATION, ..Params::default() };
    let of_product = Params { product: Some("PN-3"), grouped: OPERATION, ..Params::default() };
    let narrow = Params { product: Some("PN-3"), fixture: Some("FX-7"), ..of_station.clone() };
    let everything = Params::default();
    let at_one = Params { station: Some("ST-307"), window: Some((FROM, TO)), ..Params::default() };
    let operations: Vec<String> = OPERATIONS.map(str::to_owned).into();

    println!("\n| question | statement | ms | pages | runs are read by |\n|---|---|---|---|---|");
    let mut indexed = true;
    for (name, attribute, parameters) in
        [("Q1", 0, &of_operation), ("Q2", 4, &of_station), ("Q4", 1, &of_product)]
    {
        let value = match attribute {
            1 => list(parameters.product),
            _ => list(parameters.station),
        };
        let query = explain(include_str!("../../store/sql/tenant/cells_kept.sql"))
            .bind(tenant)
            .bind([None, Some("product"), None, None, Some("station")][attribute as usize])
            .bind(attribute)
            .bind(parameters.window.map(|(from, _)| day(from)))
            .bind(parameters.window.map(|(_, to)| day(to)))
            .bind(list(parameters.operation))
            .bind(value)
            .bind(parameters.grouped)
            .bind(None::<&str>);
        indexed &= print(superuser, tenant, name, "cells_kept", query).await;
    }
    let first_elsewhere = include_str!("../../store/sql/tenant/first_elsewhere.sql");
    let cells_of_runs = include_str!("../../store/sql/tenant/cells_of_runs.sql");
    let failed_by_code = include_str!("../../store/sql/tenant/failed_by_code.sql");
    let observed_ftt = include_str!("../../store/sql/tenant/observed_ftt.sql");
    let explain_in = include_str!("../../store/sql/tenant/explain_in.sql");
    for (name, parameters) in
        [("Q1", &of_operation), ("Q2", &of_station), ("Q4", &of_product), ("no cells", &narrow)]
    {
        let query = parameters.grouped(first_elsewhere, tenant).bind(true).bind(false);
        indexed &= print(superuser, tenant, name, "first_elsewhere", query).await;
    }
    let query = narrow.grouped(cells_of_runs, tenant);
    indexed &= print(superuser, tenant, "no cells", "cells_of_runs", query).await;
    for (name, parameters) in [("Q3", &everything), ("Q3 of 30 days at a station", &at_one)] {
        let query = parameters.bind(failed_by_code, tenant);
        indexed &= print(superuser, tenant, name, "failed_by_code", query).await;
    }
    let query = of_product.bind(observed_ftt, tenant).bind(operations);
    indexed &= print(superuser, tenant, "Q4", "observed_ftt", query).await;
    let query = at_one.bind(explain_in, tenant).bind("").bind("").bind(100_i64);
    indexed &= print(superuser, tenant, "units of 30 days at a station", "explain_in", query).await;
    indexed
}

type Statement = Query<'static, Postgres, PgArguments>;

impl Params {
    /// Binds the common parameters; those of the statement itself follow.
    fn bind(&self, sql: &str, tenant: Uuid) -> Statement {
        self.narrowed(sql, tenant).bind(0_i16).bind(false)
    }

    /// Binds the common parameters of a statement that groups.
    fn grouped(&self, sql: &str, tenant: Uuid) -> Statement {
        self.narrowed(sql, tenant).bind(false).bind(self.grouped).bind(None::<&str>)
    }

    fn narrowed(&self, sql: &str, tenant: Uuid) -> Statement {
        // A margin greater than the UTC offset of any time zone.
        let beyond = TimeDelta::hours(26);
        explain(sql)
            .bind(tenant)
            .bind(self.window.map(|(from, _)| midnight(from) - beyond))
            .bind(self.window.map(|(_, to)| midnight(to) + beyond))
            .bind(self.window.map(|(from, _)| day(from)))
            .bind(self.window.map(|(_, to)| day(to)))
            .bind(self.filters())
    }

    fn filters(&self) -> Value {
        let filters = [
            ("operation", self.operation),
            ("product", self.product),
            ("station", self.station),
            ("fixture", self.fixture),
        ];
        let some = |(name, value): (&str, Option<&str>)| Some((name.to_owned(), json!([value?])));
        Value::Object(filters.into_iter().filter_map(some).collect())
    }
}

fn explain(sql: &str) -> Statement {
    sqlx::query(AssertSqlSafe(format!("explain (analyze, buffers, format json) {sql}")))
}

fn list(value: Option<&str>) -> Option<Vec<String>> {
    value.map(|value| vec![value.to_owned()])
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn midnight(text: &str) -> DateTime<Utc> {
    day(text).and_time(chrono::NaiveTime::MIN).and_utc()
}

async fn print(
    superuser: &mut PgConnection,
    tenant: Uuid,
    name: &str,
    statement: &str,
    query: Statement,
) -> bool {
    let mut tx = superuser.begin().await.unwrap();
    sqlx::query(
        "select set_config('role', 'firstpass_app', true), set_config('app.tenant', $1, true),
                set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true)",
    )
    .bind(tenant.to_string())
    .execute(&mut *tx)
    .await
    .unwrap();
    let row = query.fetch_one(&mut *tx).await.unwrap();
    tx.rollback().await.unwrap();
    let plan: Value = sqlx::Row::get(&row, 0);
    let top = &plan[0];
    let mut readers = Vec::new();
    let indexed = walk(&top["Plan"], &mut readers);
    for reader in &mut readers {
        // PostgreSQL names the index of a partition; we name its parent index.
        let parent: Option<String> = sqlx::query_scalar(
            "select inhparent::regclass::text from pg_inherits where inhrelid = to_regclass(quote_ident($1))",
        )
        .bind(&*reader)
        .fetch_optional(&mut *superuser)
        .await
        .unwrap();
        *reader = parent.unwrap_or_else(|| std::mem::take(reader));
    }
    readers.sort();
    readers.dedup();
    let pages = top["Plan"]["Shared Hit Blocks"].as_u64().unwrap_or(0)
        + top["Plan"]["Shared Read Blocks"].as_u64().unwrap_or(0);
    let time = top["Execution Time"].as_f64().unwrap_or(0.0)
        + top["Planning Time"].as_f64().unwrap_or(0.0);
    let readers = if readers.is_empty() { "none".to_owned() } else { readers.join(", ") };
    println!("| {name} | {statement} | {time:.1} | {pages} | {readers} |");
    indexed
}

/// Collects the nodes that read runs; returns whether none of them scans a non-empty table in full.
fn walk(node: &Value, readers: &mut Vec<String>) -> bool {
    let text = |name: &str| node[name].as_str().unwrap_or_default();
    let relation = text("Relation Name");
    let mut indexed = true;
    if relation.starts_with("run") {
        let counted = |name: &str| node[name].as_f64().unwrap_or(0.0);
        let read = counted("Actual Rows") + counted("Rows Removed by Filter");
        if text("Node Type") == "Seq Scan" {
            // The planner prefers no index for an empty table.
            indexed = read == 0.0;
        }
        if read > 0.0 && node["Index Name"].is_null() {
            readers.push(text("Node Type").to_lowercase());
        }
    }
    let index = text("Index Name");
    if index.starts_with("run") && node["Actual Loops"] != 0 {
        readers.push(index.to_owned());
    }
    for below in node["Plans"].as_array().into_iter().flatten() {
        indexed &= walk(below, readers);
    }
    indexed
}
