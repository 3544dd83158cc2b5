//! Baselines: the same rows, written by hand-written SQL.

use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use futures::TryStreamExt;
use sqlx::postgres::{PgColumn, PgConnection, PgRow};
use sqlx::query_builder::Separated;
use sqlx::{AssertSqlSafe, Column, Connection, Executor, Postgres, QueryBuilder, Row, TypeInfo};
use uuid::Uuid;

/// Tables that an upload fills, and the column that refers to the receipt's runs.
const TABLES: [(&str, &str); 6] = [
    ("run_identity", "id"),
    ("run", "id"),
    ("step", "run_id"),
    ("measurement", "run_id"),
    ("finding", "run_id"),
    ("component", "run_id"),
];

/// Rows per multi-row INSERT.
const ROWS: usize = 1000;

/// The schemas with copies of the tables, one for each baseline.
pub(crate) struct Peers {
    columns: Vec<String>,
}

/// The rows of one upload, table by table.
pub(crate) struct Rows {
    copies: Vec<Vec<u8>>,
    inserts: Vec<String>,
    rows: Vec<Vec<PgRow>>,
}

impl Peers {
    pub(crate) async fn make(connection: &mut PgConnection) -> Self {
        let mut columns = Vec::new();
        for (table, _) in TABLES {
            for set in ["inserted", "bound", "staged", "copied"] {
                let sql = format!(
                    "create schema if not exists {set}; create table {set}.{table} (like public.{table} including all)"
                );
                run(connection, sql).await;
            }
            run(connection, format!("create temporary table stage_{table} (like public.{table}) on commit delete rows")).await;
            let named: String = sqlx::query_scalar(
                "select string_agg(format('quote_nullable(t.%I::text)', attname), ' || '','' || ' order by attnum)
                 from pg_attribute where attrelid = ('public.' || $1)::regclass and attnum > 0",
            )
            .bind(table)
            .fetch_one(&mut *connection)
            .await
            .unwrap();
            columns.push(named);
        }
        Self { columns }
    }

    /// Reads the rows that an upload created, in the formats of COPY and of INSERT.
    pub(crate) async fn rows(&self, connection: &mut PgConnection, receipt: &str) -> Rows {
        let (mut copies, mut inserts, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        for ((table, key), columns) in TABLES.iter().zip(&self.columns) {
            let of = format!(
                "from public.{table} t where t.{key} in (select id from run_identity where receipt_id = '{receipt}')"
            );
            let copy = format!("copy (select t.* {of}) to stdout (format binary)");
            let pieces: Vec<_> =
                connection.copy_out_raw(&copy).await.unwrap().try_collect().await.unwrap();
            copies.push(pieces.concat());
            let values: Vec<String> =
                sqlx::query_scalar(AssertSqlSafe(format!("select '(' || {columns} || ')' {of}")))
                    .fetch_all(&mut *connection)
                    .await
                    .unwrap();
            for some in values.chunks(ROWS) {
                inserts.push(format!(
                    "insert into inserted.{table} values {} on conflict do nothing",
                    some.join(",")
                ));
            }
            rows.push(
                sqlx::query(AssertSqlSafe(format!("select t.* {of}")))
                    .fetch_all(&mut *connection)
                    .await
                    .unwrap(),
            );
        }
        Rows { copies, inserts, rows }
    }

    pub(crate) async fn insert(&mut self, connection: &mut PgConnection, rows: &Rows) -> Duration {
        let began = Instant::now();
        let mut tx = connection.begin().await.unwrap();
        for sql in &rows.inserts {
            tx.execute(sqlx::raw_sql(AssertSqlSafe(sql.clone()))).await.unwrap();
        }
        tx.commit().await.unwrap();
        began.elapsed()
    }

    /// Inserts with bound parameters, as a program does that has values instead of texts.
    pub(crate) async fn bind(&mut self, connection: &mut PgConnection, rows: &Rows) -> Duration {
        let began = Instant::now();
        let mut tx = connection.begin().await.unwrap();
        for ((table, _), rows) in TABLES.iter().zip(&rows.rows) {
            let Some(first) = rows.first() else { continue };
            for some in rows.chunks(65_535 / first.len()) {
                let mut query =
                    QueryBuilder::<Postgres>::new(format!("insert into bound.{table} "));
                query.push_values(some, |mut values, row| {
                    for column in row.columns() {
                        push(&mut values, row, column);
                    }
                });
                query.push(" on conflict do nothing");
                query.build().persistent(false).execute(&mut *tx).await.unwrap();
            }
        }
        tx.commit().await.unwrap();
        began.elapsed()
    }

    pub(crate) async fn stage(&mut self, connection: &mut PgConnection, rows: &Rows) -> Duration {
        let began = Instant::now();
        let mut tx = connection.begin().await.unwrap();
        for ((table, _), copy) in TABLES.iter().zip(&rows.copies) {
            copy_in(&mut tx, &format!("stage_{table}"), copy).await;
            run(
                &mut tx,
                format!(
                    "insert into staged.{table} select * from stage_{table} on conflict do nothing"
                ),
            )
            .await;
        }
        tx.commit().await.unwrap();
        began.elapsed()
    }

    pub(crate) async fn copy(&mut self, connection: &mut PgConnection, rows: &Rows) -> Duration {
        let began = Instant::now();
        let mut tx = connection.begin().await.unwrap();
        for ((table, _), copy) in TABLES.iter().zip(&rows.copies) {
            copy_in(&mut tx, &format!("copied.{table}"), copy).await;
        }
        tx.commit().await.unwrap();
        began.elapsed()
    }
}

fn push(values: &mut Separated<'_, Postgres, &'static str>, row: &PgRow, column: &PgColumn) {
    let at = column.ordinal();
    match column.type_info().name() {
        "UUID" => values.push_bind(row.get::<Option<Uuid>, _>(at)),
        "INT2" => values.push_bind(row.get::<Option<i16>, _>(at)),
        "INT4" => values.push_bind(row.get::<Option<i32>, _>(at)),
        "INT8" => values.push_bind(row.get::<Option<i64>, _>(at)),
        "FLOAT8" => values.push_bind(row.get::<Option<f64>, _>(at)),
        "BOOL" => values.push_bind(row.get::<Option<bool>, _>(at)),
        "TEXT" => values.push_bind(row.get::<Option<String>, _>(at)),
        "BYTEA" => values.push_bind(row.get::<Option<Vec<u8>>, _>(at)),
        "JSON" => values.push_bind(row.get::<Option<serde_json::Value>, _>(at)),
        "DATE" => values.push_bind(row.get::<Option<NaiveDate>, _>(at)),
        "TIMESTAMPTZ" => values.push_bind(row.get::<Option<DateTime<Utc>>, _>(at)),
        other => panic!("{other}"),
    };
}

async fn copy_in(connection: &mut PgConnection, table: &str, rows: &[u8]) {
    let sql = format!("copy {table} from stdin (format binary)");
    let mut copy = connection.copy_in_raw(&sql).await.unwrap();
    for piece in rows.chunks(1 << 20) {
        copy.send(piece).await.unwrap();
    }
    copy.finish().await.unwrap();
}

async fn run(connection: &mut PgConnection, sql: String) {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.unwrap();
}
