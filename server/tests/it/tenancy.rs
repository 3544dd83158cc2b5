//! Tenant isolation by row-level security, and the start-up check that verifies it.

use std::path::{Path, PathBuf};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use store::Store;
use store::system::Limits;

use crate::support::{House, TestDb, ocp_run};

fn code(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(refusal) => refusal.code().unwrap_or_default().into_owned(),
        other => panic!("not a refusal: {other}"),
    }
}

/// Sets the role and the tenant of a transaction directly, without the type of the store.
pub async fn assume_role(tx: &mut PgConnection, role: &str, tenant: domain::TenantId) {
    sqlx::query("select set_config('role', $1, true), set_config('app.tenant', $2, true)")
        .bind(role)
        .bind(tenant.to_string())
        .execute(tx)
        .await
        .unwrap();
}

/// Every table of the schema that has rows of tenants.
async fn tenant_tables(connection: &mut PgConnection) -> Vec<String> {
    let rows = sqlx::query(
        "select c.relname from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
           -- None of these says anything of a tenant.
           and c.relname not in
               ('_sqlx_migrations', 'app_user', 'known_device', 'login_failure', 'session') order by 1",
    )
    .fetch_all(connection)
    .await
    .unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn a_query_outside_a_transaction_type_fails() {
    let db = TestDb::new().await;
    let mut login = db.connect("firstpass_login").await;
    for table in tenant_tables(&mut login).await {
        let sql = format!("select * from {table}");
        let refused = login.execute(AssertSqlSafe(sql)).await.unwrap_err();
        assert_eq!(code(&refused), "42501", "{table}");
    }
}

#[tokio::test]
async fn a_forgotten_tenant_is_an_error_and_not_an_empty_answer() {
    let db = TestDb::new().await;
    let mut login = db.connect("firstpass_login").await;
    let mut tx = login.begin().await.unwrap();
    tx.execute("set local role firstpass_app").await.unwrap();
    let fresh = tx.execute("select * from run").await.unwrap_err();
    assert_eq!(code(&fresh), "42704");
    drop(tx);
    let mut tx = login.begin().await.unwrap();
    tx.execute("select set_config('app.tenant', gen_random_uuid()::text, true)").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = login.begin().await.unwrap();
    tx.execute("set local role firstpass_app").await.unwrap();
    let reused = tx.execute("select * from run").await.unwrap_err();
    assert_eq!(code(&reused), "22P02");
}

#[tokio::test]
async fn no_tenant_sees_or_touches_a_row_of_another() {
    let house = House::new().await;
    for partner in [&house.north, &house.south] {
        let body = ocp_run("U1", "L10", "2026-03-01T00:00:00Z", true) + "junk\n";
        let answer = house.upload(&partner.ingest, "/ingest/v1/ocptv", body).await;
        assert_eq!(answer.number("accepted"), 1);
    }
    let mut login = house.db.connect("firstpass_login").await;
    let tables = tenant_tables(&mut login).await;
    let mut seen = 0;
    for table in &tables {
        let mut tx = login.begin().await.unwrap();
        assume_role(&mut tx, "firstpass_app", house.north.id).await;
        let column = if table == "tenant" { "id" } else { "tenant_id" };
        let sql = format!(
            "select count(*) filter (where {column} = $1), count(*) filter (where {column} is distinct from $1) from {table}"
        );
        let counted =
            sqlx::query(AssertSqlSafe(sql)).bind(house.north.id.uuid()).fetch_one(&mut *tx).await;
        match counted {
            Ok(row) => {
                assert_eq!(row.get::<i64, _>(1), 0, "{table} shows rows of others");
                seen += row.get::<i64, _>(0);
            }
            // Not granted to firstpass_app.
            Err(refused) => assert_eq!(code(&refused), "42501", "{table}"),
        }
    }
    assert!(seen >= 5, "the test saw {seen} rows: it proves nothing without any");

    let mut tx = login.begin().await.unwrap();
    assume_role(&mut tx, "firstpass_app", house.north.id).await;
    let written =
        sqlx::query("insert into unit (tenant_id, serial, kind_said) values ($1, 'X', 0)")
            .bind(house.south.id.uuid())
            .execute(&mut *tx)
            .await
            .unwrap_err();
    assert_eq!(code(&written), "42501");
}

#[tokio::test]
async fn serving_is_refused_when_any_policy_is_missing_or_widened() {
    let db = TestDb::new().await;
    db.store.check().await.unwrap();
    let mut login = db.connect("firstpass_login").await;
    let tables = tenant_tables(&mut login).await;
    assert!(tables.len() >= 9, "{tables:?}");
    for table in &tables {
        let mutations = [
            format!("drop policy tenant on {table}"),
            format!("alter table {table} disable row level security"),
            format!("alter table {table} no force row level security"),
            format!("alter policy tenant on {table} using (true)"),
            format!("alter policy tenant on {table} with check (true)"),
            format!("create policy wide on {table} using (true)"),
        ];
        for mutation in mutations {
            let mut superuser = db.connect("postgres").await;
            let mut tx = superuser.begin().await.unwrap();
            tx.execute(AssertSqlSafe(mutation.clone())).await.unwrap();
            let problems: Vec<String> =
                sqlx::query_scalar(include_str!("../../store/sql/system/check.sql"))
                    .fetch_all(&mut *tx)
                    .await
                    .unwrap();
            // The superuser itself is also a problem: look for the problem of the table.
            assert!(
                problems.iter().any(|problem| problem.contains(&format!("table {table} "))),
                "unnoticed: {mutation}: {problems:?}"
            );
            tx.rollback().await.unwrap();
        }
    }
}

#[tokio::test]
async fn serving_is_refused_as_a_role_that_could_bypass_the_policies() {
    let db = TestDb::new().await;
    for (role, reason) in [("postgres", "superuser"), ("firstpass_owner", "owns table")] {
        let store = Store::connect(&db.url(role), Limits::default()).await.unwrap();
        let refused = match store.check().await {
            Err(refused) => refused.to_string(),
            // The owner cannot read the list of migrations, or receives the reason.
            Ok(()) => panic!("{role} may serve"),
        };
        assert!(refused.contains(reason), "{role}: {refused}");
        store.close().await;
    }
}

#[tokio::test]
async fn serving_is_refused_as_a_login_with_rights_outside_of_its_roles() {
    let db = TestDb::new().await;
    let role = format!("inheriting_{}", uuid::Uuid::now_v7().simple());
    db.superuser(&format!(
        "create role {role} login in role firstpass_auth, firstpass_app, firstpass_admin"
    ))
    .await;
    db.superuser(&format!("grant select on _sqlx_migrations to {role}")).await;
    let store = Store::connect(&db.url(&role), Limits::default()).await.unwrap();
    let refused = store.check().await.unwrap_err().to_string();
    store.close().await;
    db.superuser(&format!("revoke all on _sqlx_migrations from {role}; drop role {role}")).await;
    assert!(refused.contains("NOINHERIT"), "{refused}");
}

#[tokio::test]
async fn only_the_unprivileged_login_is_connected() {
    let house = House::new().await;
    house.get("/", &house.north.viewer).await;
    let mut superuser = house.db.connect("postgres").await;
    let users: Vec<String> = sqlx::query_scalar(
        "select distinct usename::text from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    assert_eq!(users, ["firstpass_login"]);
}

#[tokio::test]
async fn a_database_behind_the_program_is_refused_with_the_key_to_set() {
    let db = TestDb::new().await;
    db.superuser(
        "delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)",
    )
    .await;
    let refused = db.store.check().await.unwrap_err().to_string();
    assert!(refused.contains("DATABASE_MIGRATION_URL"), "{refused}");
}

#[tokio::test]
async fn several_may_migrate_at_once() {
    let db = TestDb::new().await;
    let owner = db.url("firstpass_owner");
    db.superuser("drop schema public cascade; create schema public authorization firstpass_owner; grant usage on schema public to public").await;
    let all = (0..4).map(|_| store::system::migrate(&owner));
    for done in futures::future::join_all(all).await {
        done.unwrap();
    }
    db.store.check().await.unwrap();
}

#[tokio::test]
async fn a_database_that_kept_runs_before_keeps_them_by_month_afterwards() {
    let db = TestDb::new().await;
    let owner = db.url("firstpass_owner");
    db.superuser("drop schema public cascade; create schema public authorization firstpass_owner; grant usage on schema public to public").await;
    let before = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("migrations-{}", uuid::Uuid::now_v7().simple()));
    std::fs::create_dir_all(&before).unwrap();
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    for file in ["0001_tenancy.sql", "0002_runs.sql"] {
        std::fs::copy(migrations.join(file), before.join(file)).unwrap();
    }
    let migrator = sqlx::migrate::Migrator::new(before.clone()).await.unwrap();
    migrator.run(&mut db.connect("firstpass_owner").await).await.unwrap();
    std::fs::remove_dir_all(before).unwrap();
    db.superuser(
        "insert into tenant select gen_random_uuid(), slug, slug, 'Asia/Taipei', now() from unnest(array['a', 'b']) slug;
         insert into raw_upload select id, '\\x00', 1, '\\x00', now() from tenant;
         insert into receipt select id, id, now(), 'ocptv', '{}', '\\x00', 'x', 1, 0, 0, 0, 0 from tenant;
         insert into unit (tenant_id, serial, kind) select id, 'U1', 2 from tenant;
         insert into run (tenant_id, id, unit_id, operation, run_index, started_at, outcome, defects, opportunities,
                          flags, complete, artifacts, content_hash, receipt_id)
         select tenant_id, gen_random_uuid(), id, 'L10', 1, '2026-02-28T20:00:00Z', 1, 2, 3, 0, true, 4, '\\x00', tenant_id from unit",
    )
    .await;
    store::system::migrate(&owner).await.unwrap();
    db.store.check().await.unwrap();
    let mut superuser = db.connect("postgres").await;
    let kept: Vec<String> = sqlx::query_scalar(
        "select concat_ws(' ', u.serial, u.kind, r.operation, r.day, r.run_index, r.defects, i.artifacts, t.origin_id = t.id)
         from run r
         join run_identity i on i.tenant_id = r.tenant_id and i.id = r.id
         join unit u on u.tenant_id = r.tenant_id and u.id = i.unit_id
         join receipt t on t.tenant_id = r.tenant_id and t.id = i.receipt_id",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    assert_eq!(kept, vec!["U1 2 L10 2026-03-01 1 2 4 t"; 2]);

    // Columns derived from the runs did not exist then; the first start backfills them.
    let counted = async || {
        db.count(
            "select count(*) from run r join yield_cell c on c.tenant_id = r.tenant_id and c.attribute = 0
             where r.reason = 1 and r.marks & 1024 > 0 and c.marks = r.marks and c.reason = 1 and c.runs = 1",
        )
        .await
    };
    assert_eq!(counted().await, 0);
    server::recount::recount_stale(&db.store).await.unwrap();
    assert_eq!(counted().await, 2);
    assert_eq!(db.count("select count(*) from tenant where stale").await, 0);
}

#[tokio::test]
async fn every_statement_prepares_in_the_role_of_its_transaction_type() {
    let db = TestDb::new().await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("store/sql");
    let mut prepared = 0;
    for (folder_name, role) in [
        ("auth", "firstpass_auth"),
        ("tenant", "firstpass_app"),
        ("admin", "firstpass_admin"),
        ("jobs", "firstpass_jobs"),
        ("system", "firstpass_login"),
    ] {
        for file in sql_files(&folder.join(folder_name)) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            let sql = std::fs::read_to_string(&file).unwrap();
            let mut login = db.connect("firstpass_login").await;
            let mut tx = login.begin().await.unwrap();
            assume_role(&mut tx, role, uuid::Uuid::now_v7().into()).await;
            if folder_name == "tenant" {
                tx.execute(include_str!("../../store/sql/tenant/stage_create.sql")).await.unwrap();
            }
            let command = sql.lines().find(|line| !line.starts_with("--")).unwrap_or_default();
            // These statements have no plan; the ingest tests run them.
            if !(["copy", "create", "select set_config('statement_timeout'"]
                .iter()
                .any(|word| command.starts_with(word)))
            {
                // Preparing checks names and types; planning also checks the grants.
                let run = |sql: String| sqlx::raw_sql(AssertSqlSafe(sql));
                let why = |error| panic!("{folder_name}/{name}: {error}");
                tx.execute(run(format!("prepare statement as {sql}"))).await.unwrap_or_else(why);
                let parameters: i32 = sqlx::query_scalar(
                    "select cardinality(parameter_types) from pg_prepared_statements where name = 'statement'",
                )
                .fetch_one(&mut *tx)
                .await
                .unwrap();
                let nulls = vec!["null"; usize::try_from(parameters).unwrap()].join(", ");
                let nulls = if nulls.is_empty() { nulls } else { format!("({nulls})") };
                tx.execute(run(format!("explain execute statement{nulls}")))
                    .await
                    .unwrap_or_else(why);
            }
            prepared += 1;
        }
    }
    assert!(prepared > 20, "{prepared}");
}

fn sql_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
