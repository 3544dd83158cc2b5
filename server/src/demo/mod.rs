//! The demo: a small believable factory for a portal that would otherwise be empty. It
//! enters through the same door as a station's uploads; nothing else knows of it.

mod factory;

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use domain::{Role, TenantId};
use formats::Params;
use serde::{Deserialize, Serialize};
use store::{AdminTx, Principal, Store};

use crate::auth::password;
use crate::state::AppState;
use crate::{clock, ingest};

/// Somebody who may log in to the demo.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Person {
    /// The address to log in with.
    pub email: String,
    /// The password, generated when the demo was loaded.
    pub password: String,
    /// What they may do.
    pub role: Role,
}

/// Loads the demo into a database that has no tenant, and returns the people of the demo
/// that this data folder has; none where the database was filled by others.
///
/// # Errors
/// When the database or the folder refuses.
pub async fn fill_if_empty(state: &AppState, data: &Path) -> Result<Vec<Person>> {
    let people = data.join("demo-people.json");
    if has_tenants(state.store()).await? {
        return match fs::read(&people) {
            Ok(text) => Ok(serde_json::from_slice(&text)
                .with_context(|| format!("cannot read {}", people.display()))?),
            Err(_) => Ok(Vec::new()),
        };
    }
    eprintln!("loading the demo factory …");
    let mut persons = vec![(person("admin@firstpass.example", Role::Admin), None)];
    let mut tenants = Vec::new();
    let now = clock::now();
    let console = Principal::console(None);
    let mut tx = AdminTx::begin(state.store(), &console, "load the demo", now).await?;
    for partner in factory::PARTNERS {
        let tenant = tx.add_tenant(partner.slug, partner.name, partner.timezone, now).await?;
        for role in [Role::Engineer, Role::Viewer] {
            let email = format!("{role}@{}.example", partner.slug);
            persons.push((person(&email, role), Some(tenant)));
        }
        tenants.push((tenant, partner));
    }
    for (person, tenant) in &persons {
        let hash = password::hash(&person.password).map_err(anyhow::Error::msg)?;
        tx.add_user(&person.email, *tenant, person.role, &hash, now).await?;
    }
    let persons: Vec<Person> = persons.into_iter().map(|(person, _)| person).collect();
    // Kept before the commit: a demo whose passwords nobody has would be a locked house.
    keep(&people, &persons)?;
    tx.commit().await?;
    for (tenant, partner) in tenants {
        load(state, tenant, partner).await?;
    }
    Ok(persons)
}

async fn has_tenants(store: &Store) -> Result<bool> {
    let console = Principal::console(None);
    let mut tx = AdminTx::begin(store, &console, "look for tenants", clock::now()).await?;
    let tenants = tx.tenants().await?;
    Ok(!tenants.is_empty())
}

async fn load(state: &AppState, tenant: TenantId, partner: &factory::Partner) -> Result<()> {
    let body = factory::stream(partner, clock::now());
    let principal = Principal::console(Some(tenant));
    let params = Params::default();
    let answer = ingest::take(state, &principal, "ocptv", params, body.into_bytes())
        .await
        .map_err(|problem| anyhow::anyhow!("the demo was not taken: {problem:?}"))?;
    anyhow::ensure!(answer.rejected_total == 0, "the demo was rejected in part: {answer:?}");
    eprintln!("  {}: {} runs", partner.name, answer.accepted);
    Ok(())
}

fn person(email: &str, role: Role) -> Person {
    Person { email: email.to_owned(), password: password::generate(), role }
}

fn keep(path: &Path, people: &[Person]) -> Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let mut file = fs::OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(&serde_json::to_vec_pretty(people)?)?;
    Ok(())
}
