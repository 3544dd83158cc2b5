//! The demo: a small believable factory for a portal that would otherwise be empty. It
//! enters through the same door as a station's uploads; nothing else knows of it.

mod factory;

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use domain::{Role, TenantId, Timestamp};
use formats::Params;
use serde::{Deserialize, Serialize};
use store::tenants::Tenant;
use store::{AdminTx, Principal, Store, TenantTx};

use crate::auth::password;
use crate::ingest::{Delivery, Encoding};
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
/// that this data folder knows; none where the database was filled by others. What an
/// earlier start did not finish is finished.
///
/// # Errors
/// When the database or the folder refuses.
pub async fn fill_if_empty(state: &AppState, data: &Path) -> Result<Vec<Person>> {
    let file = data.join("demo-people.json");
    if tenants(state.store()).await?.is_empty() {
        eprintln!("loading the demo factory …");
        add_partners(state.store(), &file).await?;
    }
    let people = match fs::read(&file) {
        Ok(text) => serde_json::from_slice(&text)
            .with_context(|| format!("cannot read {}", file.display()))?,
        Err(_) => return Ok(Vec::new()),
    };
    for tenant in tenants(state.store()).await? {
        if let Some(partner) = factory::PARTNERS.iter().find(|partner| partner.slug == tenant.slug)
        {
            load(state, &tenant, partner).await?;
        }
    }
    Ok(people)
}

/// Adds the partners and their people; leaves it be when another server was faster.
async fn add_partners(store: &Store, file: &Path) -> Result<()> {
    let now = clock::now();
    let console = Principal::console(None);
    let mut tx = AdminTx::begin(store, &console, "load the demo", now).await?;
    let mut people = vec![(person("admin@firstpass.example", Role::Admin), None)];
    for partner in factory::PARTNERS {
        // Where two start at once, the second waits here until the first is done.
        let added = tx.add_tenant(partner.slug, partner.name, partner.timezone, None, now).await;
        let tenant = match added {
            Err(error) if error.constraint() == Some("tenant_slug_key") => return Ok(()),
            added => added?,
        };
        for role in [Role::Engineer, Role::Viewer] {
            people.push((person(&format!("{role}@{}.example", partner.slug), role), Some(tenant)));
        }
    }
    for (person, tenant) in &people {
        let hash = password::hash(&person.password).map_err(anyhow::Error::msg)?;
        tx.add_user(&person.email, *tenant, person.role, &hash, now).await?;
    }
    let people: Vec<Person> = people.into_iter().map(|(person, _)| person).collect();
    // Kept before the commit: a demo whose passwords nobody has would be a locked house.
    keep(file, &people)?;
    tx.commit().await?;
    Ok(())
}

async fn tenants(store: &Store) -> Result<Vec<Tenant>> {
    let console = Principal::console(None);
    let mut tx = AdminTx::begin(store, &console, "look for the demo", clock::now()).await?;
    let tenants = tx.tenants().await?;
    tx.commit().await?;
    Ok(tenants)
}

/// Uploads the partner's runs, unless something was uploaded already.
async fn load(state: &AppState, tenant: &Tenant, partner: &factory::Partner) -> Result<()> {
    let principal = Principal::console(Some(TenantId::from(tenant.id)));
    let mut tx = TenantTx::begin(state.store(), &principal).await?;
    if tx.has_receipts().await? {
        return Ok(());
    }
    drop(tx);
    // Ends when the tenant was added, so that two servers that start at once upload the
    // same runs and neither counts twice.
    let body = factory::stream(partner, Timestamp::try_from(tenant.created_at)?);
    let delivery = Delivery {
        format: "ocptv".to_owned(),
        params: Params::default(),
        encoding: Encoding::Identity,
        bytes: body.into_bytes(),
        replays: None,
    };
    let answer = ingest::take(state, &principal, delivery)
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
