//! How our statements reach the runs, as the role that the API asks as.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Postgres};
use uuid::Uuid;

use super::questions::{FROM, OPERATIONS, TO};

/// What the statements over runs take: the window in days, the filters, the grouping.
#[derive(Default, Clone)]
struct Asked {
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

/// Prints them, and says whether none reads a table of runs from end to end.
pub(crate) async fn show(superuser: &mut PgConnection, tenant: Uuid) -> bool {
    let of_operation = Asked { operation: Some(OPERATIONS[2]), grouped: DAY, ..Asked::default() };
    let of_station = Asked { window: Some((FROM, TO)), grouped: STATION, ..Asked::default() };
    let of_product = Asked { product: Some("PN-3"), grouped: OPERATION, ..Asked::default() };
    let narrow = Asked { product: Some("PN-3"), fixture: Some("FX-7"), ..of_station.clone() };
    let everything = Asked::default();
    let at_one = Asked { station: Some("ST-307"), window: Some((FROM, TO)), ..Asked::default() };
    let operations: Vec<String> = OPERATIONS.map(str::to_owned).into();

    println!("\n| question | statement | ms | pages | runs are read by |\n|---|---|---|---|---|");
    let mut sound = true;
    for (name, attribute, asked) in
        [("Q1", 0, &of_operation), ("Q2", 4, &of_station), ("Q4", 1, &of_product)]
    {
        let value = match attribute {
            1 => list(asked.product),
            _ => list(asked.station),
        };
        let query = explain(include_str!("../../store/sql/tenant/cells_kept.sql"))
            .bind(tenant)
            .bind([None, Some("product"), None, None, Some("station")][attribute as usize])
            .bind(attribute)
            .bind(asked.window.map(|(from, _)| day(from)))
            .bind(asked.window.map(|(_, to)| day(to)))
            .bind(list(asked.operation))
            .bind(value)
            .bind(asked.grouped)
            .bind(None::<&str>);
        sound &= tell(superuser, tenant, name, "cells_kept", query).await;
    }
    let first_elsewhere = include_str!("../../store/sql/tenant/first_elsewhere.sql");
    let cells_of_runs = include_str!("../../store/sql/tenant/cells_of_runs.sql");
    let failed_by_code = include_str!("../../store/sql/tenant/failed_by_code.sql");
    let observed_ftt = include_str!("../../store/sql/tenant/observed_ftt.sql");
    let explain_in = include_str!("../../store/sql/tenant/explain_in.sql");
    for (name, asked) in
        [("Q1", &of_operation), ("Q2", &of_station), ("Q4", &of_product), ("no cells", &narrow)]
    {
        let query = asked.grouped(first_elsewhere, tenant).bind(true).bind(false);
        sound &= tell(superuser, tenant, name, "first_elsewhere", query).await;
    }
    let query = narrow.grouped(cells_of_runs, tenant);
    sound &= tell(superuser, tenant, "no cells", "cells_of_runs", query).await;
    for (name, asked) in [("Q3", &everything), ("Q3 of 30 days at a station", &at_one)] {
        let query = asked.bind(failed_by_code, tenant);
        sound &= tell(superuser, tenant, name, "failed_by_code", query).await;
    }
    let query = of_product.bind(observed_ftt, tenant).bind(operations);
    sound &= tell(superuser, tenant, "Q4", "observed_ftt", query).await;
    let query = at_one.bind(explain_in, tenant).bind("").bind("").bind(100_i64);
    sound &= tell(superuser, tenant, "units of 30 days at a station", "explain_in", query).await;
    sound
}

type Statement = Query<'static, Postgres, PgArguments>;

impl Asked {
    /// A statement with the parameters of a question; its own come after them.
    fn bind(&self, sql: &str, tenant: Uuid) -> Statement {
        self.narrowed(sql, tenant).bind(0_i16).bind(false)
    }

    /// The same of one that groups.
    fn grouped(&self, sql: &str, tenant: Uuid) -> Statement {
        self.narrowed(sql, tenant).bind(false).bind(self.grouped).bind(None::<&str>)
    }

    fn narrowed(&self, sql: &str, tenant: Uuid) -> Statement {
        // A day's moment is on its safe side by more than any zone is away from UTC.
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

async fn tell(
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
    let sound = walk(&top["Plan"], &mut readers);
    for reader in &mut readers {
        // A month's index is named by PostgreSQL, the one that it is part of by us.
        let whole: Option<String> = sqlx::query_scalar(
            "select inhparent::regclass::text from pg_inherits where inhrelid = to_regclass(quote_ident($1))",
        )
        .bind(&*reader)
        .fetch_optional(&mut *superuser)
        .await
        .unwrap();
        *reader = whole.unwrap_or_else(|| std::mem::take(reader));
    }
    readers.sort();
    readers.dedup();
    let pages = top["Plan"]["Shared Hit Blocks"].as_u64().unwrap_or(0)
        + top["Plan"]["Shared Read Blocks"].as_u64().unwrap_or(0);
    let time = top["Execution Time"].as_f64().unwrap_or(0.0)
        + top["Planning Time"].as_f64().unwrap_or(0.0);
    let readers = if readers.is_empty() { "none".to_owned() } else { readers.join(", ") };
    println!("| {name} | {statement} | {time:.1} | {pages} | {readers} |");
    sound
}

/// Notes the nodes that read runs; whether none of them reads a whole table that holds any.
fn walk(node: &Value, readers: &mut Vec<String>) -> bool {
    let text = |name: &str| node[name].as_str().unwrap_or_default();
    let relation = text("Relation Name");
    let mut sound = true;
    if relation.starts_with("run") {
        let counted = |name: &str| node[name].as_f64().unwrap_or(0.0);
        let read = counted("Actual Rows") + counted("Rows Removed by Filter");
        if text("Node Type") == "Seq Scan" {
            // Where nothing is, there is no index to prefer.
            sound = read == 0.0;
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
        sound &= walk(below, readers);
    }
    sound
}
