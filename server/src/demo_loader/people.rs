//! The demo's partners and people in the database.

use std::collections::BTreeMap;

use anyhow::Result;
use demo::{CHASSIS, PARTNERS, Plan};
use domain::Role;
use serde::{Deserialize, Serialize};
use store::tenants::Tenant;
use store::{AdminTx, Principal, Store};

use super::file::{DemoFile, LoadedDemo};
use crate::clock;
use crate::credentials::password;

/// A person who may log in to the demo.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Person {
    /// The address to log in with.
    pub email: String,
    /// The password, generated when the demo was loaded.
    pub password: String,
    /// Their role.
    pub role: Role,
}

/// Adds the partners and their people; none if another server was faster.
pub(super) async fn add(
    store: &Store,
    file: &mut DemoFile,
    plan: Plan,
) -> Result<Option<LoadedDemo>> {
    let now = clock::now();
    let console = Principal::console(None);
    let mut tx = AdminTx::begin(store, &console, "load the demo", now).await?;
    let mut people = vec![(person("admin@firstpass.example", Role::Admin), None)];
    let mut tenants = BTreeMap::new();
    for partner in PARTNERS {
        let zone = partner.timezone.name();
        // If two start concurrently, the second waits here for the first to commit.
        let added = tx.add_tenant(partner.slug, partner.name, zone, Some(CHASSIS), now).await;
        let tenant = match added {
            Err(error) if error.constraint() == Some("tenant_slug_key") => return Ok(None),
            added => added?,
        };
        tenants.insert(partner.slug.to_owned(), tenant.uuid());
        for role in [Role::Engineer, Role::Viewer] {
            people.push((person(&format!("{role}@{}.example", partner.slug), role), Some(tenant)));
        }
    }
    for (person, tenant) in &people {
        let hash = password::hash(&person.password, &person.email)?;
        tx.add_user(&person.email, *tenant, person.role, &hash, now).await?;
    }
    let people = people.into_iter().map(|(person, _)| person).collect();
    let state = LoadedDemo { plan, tenants, loaded: false, people };
    // Before the commit: otherwise a crash would lose the passwords of a committed demo.
    file.write(&state)?;
    tx.commit().await?;
    Ok(Some(state))
}

/// Lists all partners of the database.
pub(super) async fn tenants(store: &Store) -> Result<Vec<Tenant>> {
    let console = Principal::console(None);
    let mut tx = AdminTx::begin(store, &console, "look for the demo", clock::now()).await?;
    let tenants = tx.tenants().await?;
    tx.commit().await?;
    Ok(tenants)
}

fn person(email: &str, role: Role) -> Person {
    Person { email: email.to_owned(), password: password::generate(), role }
}
