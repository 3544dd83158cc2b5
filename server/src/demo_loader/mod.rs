//! Loads the demo factory (crate `demo`) into an empty database, through the ingest like any
//! station's uploads, and keeps its passwords in the data folder.

mod file;
mod load;
mod people;

use std::path::Path;

use anyhow::Result;
use demo::{PARTNERS, Plan};
use futures::future::try_join_all;

pub use self::load::load;
pub use self::people::Person;

use self::file::{DemoFile, LoadedDemo};
use crate::state::AppState;

/// The result of [`fill`].
#[derive(Debug)]
pub enum Filled {
    /// The demo of this plan, and the people who may log in to it.
    Demo(Plan, Vec<Person>),
    /// The database has partners that are not from the demo of this data folder.
    Others,
}

/// Loads the demo of this plan into a database without partners. If this data folder
/// has the state of a demo, resumes that one, whatever its plan.
///
/// # Errors
/// When the database or the folder refuses.
pub async fn fill(state: &AppState, data: &Path, plan: Plan) -> Result<Filled> {
    if !DemoFile::exists(data) && !people::tenants(state.store()).await?.is_empty() {
        return Ok(Filled::Others);
    }
    // If another process is loading it, waits until it is done.
    let mut file = DemoFile::lock(data).await?;
    let tenants = people::tenants(state.store()).await?;
    let demo = if tenants.is_empty() {
        eprintln!("loading the demo factory …");
        people::add(state.store(), &mut file, plan).await?
    } else {
        file.read()?.filter(|demo| {
            let is_here = |(slug, id): (&String, &uuid::Uuid)| {
                tenants.iter().any(|tenant| tenant.slug == *slug && tenant.id == *id)
            };
            demo.tenants.iter().all(is_here)
        })
    };
    let Some(mut demo) = demo else { return Ok(Filled::Others) };
    if !demo.loaded {
        load_all(state, &demo).await?;
        demo.loaded = true;
        file.write(&demo)?;
    }
    Ok(Filled::Demo(demo.plan, demo.people))
}

/// Loads all partners concurrently: one is written while another is generated.
async fn load_all(state: &AppState, demo: &LoadedDemo) -> Result<()> {
    let partners = PARTNERS.iter().filter_map(|partner| {
        let tenant = demo.tenants.get(partner.slug)?;
        Some(load(state, (*tenant).into(), partner, demo.plan))
    });
    try_join_all(partners).await?;
    Ok(())
}
