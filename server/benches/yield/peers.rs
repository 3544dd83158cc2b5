//! Baseline: the same queries over the same rows in plain SQL. First runs are determined at query
//! time from the partner's whole history, without numbers, flags or cells.

use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::Answer;

/// Attempts and their numbers.
const TRIED: &str =
    "select *, row_number() over (partition by unit_id, operation order by started_at, id) as n
    from run
    where tenant_id = $1 and outcome <> 5 and not voided and unit_kind = 0 and started_at <= now()";

/// Attempts and their numbers, with the last outcome of the unit in the operation.
const FOLLOWED: &str = "select *, row_number() over history as n,
           count(*) over (partition by unit_id, operation) as tries,
           last_value(outcome) over (history rows between unbounded preceding and unbounded following) as last
    from run
    where tenant_id = $1 and outcome <> 5 and not voided and unit_kind = 0 and started_at <= now()
    window history as (partition by unit_id, operation order by started_at, id)";

/// A statement whose first column is the key; all other columns are numbers.
pub(crate) struct Plain {
    sql: String,
    product: Option<String>,
}

impl Plain {
    fn new(source: &str, sql: &str) -> Self {
        Self { sql: format!("with tried as ({source}) {sql}"), product: None }
    }

    fn with_product(self, product: &str) -> Self {
        Self { product: Some(product.to_owned()), ..self }
    }

    pub(crate) fn by_day_and_operation() -> Self {
        Self::new(
            TRIED,
            "select operation || '|' || day, count(*), count(*) filter (where outcome = 0) from tried where n = 1 group by operation, day",
        )
    }

    pub(crate) fn by_operation() -> Self {
        Self::new(
            TRIED,
            "select operation, count(*), count(*) filter (where outcome = 0) from tried where n = 1 group by operation",
        )
    }

    pub(crate) fn by_station(from: &str, to: &str) -> Self {
        Self::new(FOLLOWED, &format!(
            "select station, count(*), count(*) filter (where outcome = 0),
                    count(*) filter (where last = 0)::float8 / count(*), count(*) filter (where tries > 1)::float8 / count(*)
             from tried where n = 1 and day >= '{from}' and day < '{to}' group by station"
        ))
    }

    pub(crate) fn by_code() -> Self {
        Self::new(
            TRIED,
            "select coalesce(code, 'unspecified'), count(distinct unit_id), count(*) from tried where n = 1 and outcome between 1 and 4 group by 1",
        )
    }

    pub(crate) fn of_product(product: &str) -> Self {
        Self::new(TRIED, "select $2 || '|' || operation, count(*), count(*) filter (where outcome = 0) from tried where n = 1 and product = $2 group by operation").with_product(product)
    }

    pub(crate) fn by_product_and_operation() -> Self {
        Self::new(
            TRIED,
            "select product || '|' || operation, count(*), count(*) filter (where outcome = 0) from tried where n = 1 group by product, operation",
        )
    }

    pub(crate) fn by_station_of(product: &str, fixture: &str, from: &str, to: &str) -> Self {
        Self::new(TRIED, &format!(
            "select station, count(*), count(*) filter (where outcome = 0)
             from tried where n = 1 and product = $2 and fixture = '{fixture}' and started_at >= '{from}' and started_at < '{to}'
             group by station"
        ))
        .with_product(product)
    }

    pub(crate) async fn ask(&self, connection: &mut PgConnection, tenant: Uuid) -> Vec<PgRow> {
        let query = sqlx::query(AssertSqlSafe(self.sql.clone())).bind(tenant);
        match &self.product {
            Some(product) => query.bind(product).fetch_all(connection).await.unwrap(),
            None => query.fetch_all(connection).await.unwrap(),
        }
    }
}

pub(crate) fn answer(rows: &[PgRow]) -> Answer {
    rows.iter()
        .map(|row| {
            let number = |at| match row.try_get::<i64, _>(at) {
                Ok(count) => count as f64,
                Err(_) => row.get::<f64, _>(at),
            };
            (row.get::<String, _>(0), (1..row.len()).map(number).collect())
        })
        .collect()
}
