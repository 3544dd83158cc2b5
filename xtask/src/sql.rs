//! Refuses SQL that a database distributed by tenant could not run: see "Distributed databases" in
//! `migrations/README.md`. Checks migrations from [`FIRST_MIGRATION`] on, and all statements of
//! `server/store/sql`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Context, Result, ensure};
use regex::Regex;

use crate::workspace::Workspace;

/// Earlier migrations have been applied.
const FIRST_MIGRATION: u32 = 23;

/// SQL functions over distributed tables in applied migrations: their text must move into the
/// statements that call them.
const APPLIED_FUNCTIONS: [&str; 1] = ["measured_values"];

/// Tables that are not distributed by tenant: they are on one node, and are never joined with
/// distributed ones. `tenant` itself is on every node.
const LOCAL: [&str; 11] = [
    "api_token",
    "app_user",
    "audit",
    "former_slug",
    "invite",
    "job",
    "known_device",
    "login_failure",
    "membership",
    "schedule",
    "session",
];

/// Fails with one line per finding.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut migrations = Vec::new();
    for (name, text) in read(&workspace.root.join("migrations"))? {
        let number = name.split('_').next().and_then(|number| number.parse::<u32>().ok());
        if let Some(number) = number {
            migrations.push((number, format!("migrations/{name}"), without_comments(&text)));
        }
    }
    let texts = migrations.iter().map(|(_, _, text)| text.as_str());
    let distributed = distributed_tables(texts);
    let mut findings = Vec::new();
    for (number, name, text) in &migrations {
        if *number >= FIRST_MIGRATION {
            findings.extend(in_migration(text, &distributed).map(|it| format!("{name}: {it}")));
        }
    }
    let folder = workspace.root.join("server/store/sql");
    for role in ["admin", "auth", "jobs", "tenant"] {
        for (name, text) in read(&folder.join(role))? {
            let text = without_comments(&text);
            let found = in_statement(&text, &distributed);
            findings.extend(found.map(|it| format!("server/store/sql/{role}/{name}: {it}")));
        }
    }
    ensure!(findings.is_empty(), "{}", findings.join("\n"));
    Ok(())
}

/// The SQL files of a folder, by name.
fn read(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let is_sql = path.extension().is_some_and(|extension| extension == "sql");
        if let (true, Some(name)) = (is_sql, path.file_name().and_then(|name| name.to_str())) {
            files.push((name.to_owned(), fs::read_to_string(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

/// Removes comments, converts to lower case, and collapses white space.
fn without_comments(text: &str) -> String {
    static COMMENT: LazyLock<Regex> = LazyLock::new(|| regex(r"--[^\n]*"));
    static SPACE: LazyLock<Regex> = LazyLock::new(|| regex(r"\s+"));
    let text = COMMENT.replace_all(text, "");
    SPACE.replace_all(&text, " ").replace("( ", "(").to_lowercase()
}

fn distributed_tables<'a>(migrations: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    static TABLE: LazyLock<Regex> = LazyLock::new(|| regex(r"call tenant_table\('(\w+)'\)"));
    migrations
        .flat_map(|text| TABLE.captures_iter(text).map(|found| found[1].to_owned()))
        .filter(|table| !LOCAL.contains(&table.as_str()))
        .collect()
}

/// The names of the tables that a statement reads or writes.
fn tables(text: &str) -> BTreeSet<&str> {
    static NAMED: LazyLock<Regex> =
        LazyLock::new(|| regex(r"\b(?:from|join|using|into|update|table) (?:only )?(\w+)"));
    NAMED.captures_iter(text).filter_map(|found| Some(found.get(1)?.as_str())).collect()
}

fn in_migration<'a>(
    text: &'a str,
    distributed: &'a BTreeSet<String>,
) -> impl Iterator<Item = String> + 'a {
    static FUNCTION: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"create (?:or replace )?function (\w+)(.*?)(\$\w*\$)(.*?)(\$\w*\$)([^;]*);")
    });
    static WRITES: LazyLock<Regex> =
        LazyLock::new(|| regex(r"\b(?:insert into|delete from|merge into|update \w+ set)\b"));
    static TABLE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"create table (\w+) ?\((.*?)\)[^()]*;"));
    let functions = FUNCTION.captures_iter(text).flat_map(move |found| {
        let (name, head, body) = (&found[1], [&found[2], &found[6]].join(" "), &found[4]);
        let mut findings = Vec::new();
        if head.contains("returns trigger") && WRITES.is_match(body) {
            findings.push(format!("the trigger function {name} writes a table"));
        }
        if head.contains("language sql") && !APPLIED_FUNCTIONS.contains(&name) {
            let used = tables(body).into_iter().filter(|table| distributed.contains(*table));
            findings.extend(used.map(|table| format!("the SQL function {name} uses {table}")));
        }
        findings
    });
    let keys = TABLE.captures_iter(text).filter_map(move |found| {
        let (name, body) = (&found[1], &found[2]);
        let has_key = body.contains("primary key (tenant_id") || !body.contains("primary key");
        let is_wrong = distributed.contains(name) && !has_key;
        is_wrong.then(|| format!("the key of {name} does not begin with tenant_id"))
    });
    functions.chain(keys)
}

fn in_statement<'a>(
    text: &'a str,
    distributed: &'a BTreeSet<String>,
) -> impl Iterator<Item = String> + 'a {
    static INSERT: LazyLock<Regex> =
        LazyLock::new(|| regex(r"insert into (\w+)(?: as \w+)? ?\([^)]*\) (?:with|select)"));
    let used = tables(text);
    let distributed_used: Vec<&str> =
        used.iter().copied().filter(|table| distributed.contains(*table)).collect();
    let mut findings = Vec::new();
    for table in used.iter().filter(|table| LOCAL.contains(table)) {
        if !distributed_used.is_empty() {
            findings.push(format!("joins {table} with {}", distributed_used.join(", ")));
        }
    }
    for found in INSERT.captures_iter(text).filter(|found| distributed.contains(&found[1])) {
        if !text.contains("on conflict") && !text.contains("returning") {
            findings.push(format!("INSERT … SELECT into {} without ON CONFLICT", &found[1]));
        }
    }
    for (pattern, why) in [
        ("(select from ", "a SELECT without columns in EXISTS: write `select 1`"),
        ("set_config('app.", "set_config of the tenant: `set local` in store::transactions"),
        ("xmin", "xmin is of one node"),
        ("tableoid", "tableoid is of one shard"),
        ("pg_notify", "a notification in the transaction: it takes a lock of the cluster"),
    ] {
        if text.contains(pattern) {
            findings.push(why.to_owned());
        }
    }
    findings.into_iter()
}

fn regex(pattern: &str) -> Regex {
    #[allow(clippy::expect_used)] // constants
    Regex::new(pattern).expect("a pattern of this file is invalid")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distributed() -> BTreeSet<String> {
        distributed_tables(["call tenant_table('run'); call tenant_table('job');"].into_iter())
    }

    fn migration(text: &str) -> Vec<String> {
        in_migration(&without_comments(text), &distributed()).collect()
    }

    fn statement(text: &str) -> Vec<String> {
        in_statement(&without_comments(text), &distributed()).collect()
    }

    #[test]
    fn a_trigger_may_notify_and_write_nothing() {
        let with = |body: &str| {
            migration(&format!(
                "create function f() returns trigger language plpgsql as $$ begin {body}; return null; end $$;"
            ))
        };
        assert!(with("perform pg_notify('a', 'b')").is_empty());
        assert!(with("-- insert into run\n perform 1").is_empty());
        for body in ["insert into cell values (1)", "update cell\n set a = 1", "delete from cell"] {
            assert_eq!(with(body), ["the trigger function f writes a table"], "{body}");
        }
    }

    #[test]
    fn a_function_in_sql_uses_no_distributed_table() {
        let with = |body: &str| {
            migration(&format!(
                "create or replace function f(a int) returns int language sql stable as $f$ {body} $f$;"
            ))
        };
        assert!(with("select a from tenant").is_empty());
        assert_eq!(with("select 1 from x join RUN r on true"), ["the SQL function f uses run"]);
    }

    #[test]
    fn keys_begin_with_the_tenant() {
        assert!(
            migration("create table run (tenant_id uuid, id uuid, primary key (tenant_id, id));")
                .is_empty()
        );
        assert!(migration("create table job (id uuid primary key);").is_empty());
        let wrong = migration("create table run (tenant_id uuid not null, id uuid primary key);");
        assert_eq!(wrong, ["the key of run does not begin with tenant_id"]);
    }

    #[test]
    fn statements_do_not_mix_distributed_and_local_tables() {
        assert!(statement("select 1 from run join tenant on true").is_empty());
        assert!(statement("select 1 from job join audit on true").is_empty());
        assert_eq!(
            statement("select 1 from run join session s on true"),
            ["joins session with run"]
        );
    }

    #[test]
    fn statements_that_a_distributed_database_refuses_are_found() {
        assert!(statement("insert into run (a, b) select 1, 2 on conflict do nothing").is_empty());
        assert!(statement("insert into run (a) values (1)").is_empty());
        for wrong in [
            "insert into run (a, b) select 1, 2 from x",
            "select 1 where exists (select from run)",
            "select 1 where exists (\n    select from run)",
            "select set_config('app.tenant', $1, true)",
            "select 1 from run where xmin <> $1",
            "select tableoid from run",
            "select pg_notify('a', 'b')",
        ] {
            assert_eq!(statement(wrong).len(), 1, "{wrong}");
        }
    }
}
