//! From the stage into the tenant's tables, in one transaction and under its lock.

use std::collections::{BTreeMap, BTreeSet};

use domain::identity::Standing;
use domain::{ContentHash, ReceiptId, RunId, Timestamp};
use sqlx::Row as _;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::batch::{Arrival, Ledger};
use super::judge::{Tally, judge};
use super::receipt::{self, Receipt, Remark, RemarkKind};
use super::{Receipted, names};
use crate::attempts::{self, Touched};
use crate::{Result, TenantTx};

pub(super) async fn merge(
    tx: &mut TenantTx,
    mut ledger: Ledger,
    receipt: &mut Receipt,
    until: Timestamp,
) -> Result<Receipted> {
    let tenant = Uuid::from(tx.tenant());
    let actor = tx.actor().to_owned();
    let conn = tx.conn();
    attempts::lock(conn, tenant).await?;
    let first = sqlx::query(include_str!("../../sql/tenant/receipt_first.sql"))
        .bind(receipt.raw.sha256.as_slice())
        .bind(&receipt.format)
        .bind(&receipt.params)
        .fetch_optional(&mut *conn)
        .await?;
    let (first_receipt, first_origin): (Option<Uuid>, Option<Uuid>) = match first {
        Some(row) => (Some(row.try_get("id")?), Some(row.try_get("origin_id")?)),
        None => (None, None),
    };
    if let (None, Some(origin)) = (receipt.replays, first_origin)
        && let Some((replay, same)) = last_replay(conn, tenant, origin, &receipt.params).await?
    {
        // These bytes were read again since, with what was wrong put right: that stands, or
        // a station that repeats itself would bring back beside it what it replaced.
        if !same && let Some(first) = ledger.runs.first().or(ledger.repairs.first()) {
            receipt.remarks.push(replayed(first.line, replay));
        }
        let (runs, repairs) = (all_here(&ledger.runs), all_here(&ledger.repairs));
        receipt::keep(conn, (tenant, &actor), receipt, Some(origin), (runs, repairs)).await?;
        return Ok(Receipted { first_receipt: first_receipt.map(ReceiptId::from), runs, repairs });
    }

    // The units that a replay takes runs away from.
    let mut cleared = Vec::new();
    // One that gives nothing takes nothing away.
    if let Some(replays) = receipt.replays.filter(|_| !ledger.is_empty()) {
        cleared = clear(conn, tenant, replays.origin, &ledger).await?;
    }
    // What is sent again shares its runs with the first time, also for a replay.
    let origin = receipt.replays.map(|it| Uuid::from(it.origin)).or(first_origin);

    let kept = kept_runs(conn, tenant, &ledger.runs).await?;
    match_version_1(&mut ledger.runs, &kept);
    let standings = kept.iter().map(|(id, kept)| (*id, kept.standing)).collect();
    let kept_repairs = kept_repairs(conn, tenant, &ledger.repairs).await?;
    let here = here(&ledger.runs, &kept).chain(kept_repairs.keys().copied()).map(Uuid::from);
    let here = here.collect();
    if receipt.replays.is_some() || first_origin.is_none() {
        // Of what is sent again this is remembered from the first time.
        remember(conn, tenant, origin.unwrap_or_else(|| receipt.id.into()), here).await?;
    }
    let runs = judge(&ledger.runs, &standings);
    let repairs = judge(&ledger.repairs, &kept_repairs);
    receipt.remarks.extend(runs.remarks);
    receipt.remarks.extend(repairs.remarks);
    if !(runs.lost.is_empty() && repairs.lost.is_empty()) {
        sqlx::query(include_str!("../../sql/tenant/stage_drop.sql"))
            .bind(runs.lost)
            .bind(repairs.lost)
            .execute(&mut *conn)
            .await?;
    }
    let displaced = runs.displaced.iter().map(|(id, _)| id);
    let replaced: Vec<(RunId, &Kept)> =
        runs.replaced.iter().chain(displaced).filter_map(|id| Some((*id, kept.get(id)?))).collect();
    let moved_from = remove(conn, tenant, &replaced).await?;
    displace(conn, tenant, &runs.displaced).await?;

    let Ledger { units, parameters, .. } = ledger;
    let units = names::units(conn, tenant, units).await?;
    let mut counted = Vec::new();
    let mut is_changed =
        units.added || units.raised || !(replaced.is_empty() && cleared.is_empty());
    if runs.tally.changes() || units.raised || !cleared.is_empty() {
        let known = [units.known, moved_from, cleared.clone()].concat();
        let touched = Touched { known, staged: &units.ids };
        counted = attempts::number(conn, tenant, touched, until).await?;
        let parameters = names::parameters(conn, tenant, &parameters).await?;
        insert_runs(conn, tenant, receipt.id, &units.ids, parameters).await?;
        is_changed |= runs.tally.changes();
        is_changed |= attempts::write(conn, tenant).await? > 0;
    }
    if repairs.tally.changes() {
        sqlx::query(include_str!("../../sql/tenant/repair_insert.sql"))
            .bind(tenant)
            .bind(&units.ids)
            .bind(Uuid::from(receipt.id))
            .execute(&mut *conn)
            .await?;
        is_changed = true;
        counted.extend(&units.ids);
        counted.extend(&cleared);
    }
    is_changed |= attempts::episodes(conn, tenant, &counted).await? > 0;
    if is_changed {
        attempts::add_cells(conn, tenant).await?;
    }
    if !cleared.is_empty() {
        sqlx::query(include_str!("../../sql/tenant/replay_units.sql"))
            .bind(tenant)
            .bind(cleared)
            .execute(&mut *conn)
            .await?;
    }
    let tallies = (runs.tally, repairs.tally);
    receipt::keep(conn, (tenant, &actor), receipt, origin, tallies).await?;
    if is_changed {
        tx.set_data_changed();
    }
    Ok(Receipted {
        first_receipt: first_receipt.map(ReceiptId::from),
        runs: runs.tally,
        repairs: repairs.tally,
    })
}

/// The last replay of an upload that gave something, and whether it read the bytes with
/// exactly these parameters.
async fn last_replay(
    conn: &mut PgConnection,
    tenant: Uuid,
    origin: Uuid,
    params: &serde_json::Value,
) -> Result<Option<(ReceiptId, bool)>> {
    let replay = sqlx::query(include_str!("../../sql/tenant/receipt_replayed.sql"))
        .bind(tenant)
        .bind(origin)
        .bind(params)
        .fetch_optional(conn)
        .await?;
    let Some(replay) = replay else { return Ok(None) };
    let id: Uuid = replay.try_get("id")?;
    Ok(Some((ReceiptId::from(id), replay.try_get("same")?)))
}

fn replayed(line: u64, replay: ReceiptId) -> Remark {
    Remark {
        line,
        kind: RemarkKind::Warning,
        code: "replayed",
        why: format!(
            "these bytes were read again with other parameters; that stands (receipt {replay})"
        ),
    }
}

/// Counts deliveries as here already, for a replay of the same bytes stands.
fn all_here(arrivals: &[Arrival]) -> Tally {
    Tally { duplicates: arrivals.len() as u64, ..Tally::default() }
}

/// A run that was kept before attributes were, and arrives again, says what it said: it is a
/// duplicate.
fn match_version_1(arrivals: &mut [Arrival], kept: &BTreeMap<RunId, Kept>) {
    for arrival in arrivals {
        let former = arrival.same_start.map(|start| start.former());
        let same = |kept: &&Kept| kept.is_version_1 && kept.standing.content() == arrival.version_1;
        let ids = [Some(arrival.id), former].into_iter().flatten();
        let same = ids.filter_map(|id| kept.get(&id)).find(same);
        if let Some(same) = same {
            arrival.standing = same.standing;
        }
    }
}

/// The runs that are kept of those that arrive: the same, or one of the same start that
/// replaces it or that it replaces.
fn here<'a>(
    arrivals: &'a [Arrival],
    kept: &'a BTreeMap<RunId, Kept>,
) -> impl Iterator<Item = RunId> + 'a {
    arrivals.iter().flat_map(move |arrival| {
        let start = arrival.same_start;
        let own = [Some(arrival.id), start.map(|start| start.former())].into_iter().flatten();
        let lesser = start.into_iter().flat_map(|start| start.replaced());
        let better = start.and_then(|start| start.replaced_by()).and_then(|ids| {
            let mut complete = kept.range(ids).filter(|(_, kept)| kept.standing.is_complete());
            complete.next().map(|(id, _)| *id)
        });
        own.chain(lesser).filter(|id| kept.contains_key(id)).chain(better)
    })
}

/// Lets runs go that others took the place of under another id; what people decided of
/// them, and who delivered them, goes on to those.
async fn displace(conn: &mut PgConnection, tenant: Uuid, pairs: &[(RunId, RunId)]) -> Result<()> {
    if !pairs.is_empty() {
        let (old, new): (Vec<Uuid>, Vec<Uuid>) =
            pairs.iter().map(|(old, new)| (old.uuid(), new.uuid())).unzip();
        sqlx::query(include_str!("../../sql/tenant/identity_displace.sql"))
            .bind(tenant)
            .bind(old)
            .bind(new)
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// A run as it is kept.
struct Kept {
    unit: i64,
    started_at: chrono::DateTime<chrono::Utc>,
    standing: Standing,
    /// Whether its content is hashed without attributes, which were not kept then.
    is_version_1: bool,
}

async fn kept_runs(
    conn: &mut PgConnection,
    tenant: Uuid,
    arrivals: &[Arrival],
) -> Result<BTreeMap<RunId, Kept>> {
    let asked: BTreeSet<(Uuid, Uuid)> = arrivals
        .iter()
        .map(|arrival| match arrival.same_start.map(|start| start.all().into_inner()) {
            Some((first, last)) => (first.uuid(), last.uuid()),
            None => (arrival.id.uuid(), arrival.id.uuid()),
        })
        .collect();
    let (first, last): (Vec<Uuid>, Vec<Uuid>) = asked.into_iter().unzip();
    let rows = sqlx::query(include_str!("../../sql/tenant/identities.sql"))
        .bind(tenant)
        .bind(first)
        .bind(last)
        .fetch_all(conn)
        .await?;
    let mut kept = BTreeMap::new();
    for row in rows {
        let artifacts: i64 = row.try_get("artifacts")?;
        let standing =
            Standing::new(row.try_get("complete")?, artifacts.cast_unsigned(), content(&row)?);
        kept.insert(
            RunId::from(row.try_get::<Uuid, _>("id")?),
            Kept {
                unit: row.try_get("unit_id")?,
                started_at: row.try_get("started_at")?,
                standing,
                is_version_1: row.try_get::<i16, _>("content_version")? == 1,
            },
        );
    }
    Ok(kept)
}

async fn kept_repairs(
    conn: &mut PgConnection,
    tenant: Uuid,
    arrivals: &[Arrival],
) -> Result<BTreeMap<RunId, Standing>> {
    if arrivals.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = sqlx::query(include_str!("../../sql/tenant/repairs_known.sql"))
        .bind(tenant)
        .bind(ids(arrivals))
        .fetch_all(conn)
        .await?;
    let mut kept = BTreeMap::new();
    for row in rows {
        let id: Uuid = row.try_get("id")?;
        kept.insert(RunId::from(id), Standing::new(true, 0, content(&row)?));
    }
    Ok(kept)
}

fn ids(arrivals: &[Arrival]) -> Vec<Uuid> {
    arrivals.iter().map(|arrival| arrival.id.uuid()).collect()
}

fn content(row: &sqlx::postgres::PgRow) -> Result<ContentHash> {
    let bytes: Vec<u8> = row.try_get("content_hash")?;
    Ok(ContentHash::from(<[u8; 32]>::try_from(bytes).unwrap_or_default()))
}

/// Takes runs away that something replaces; returns the units that they belonged to.
async fn remove(
    conn: &mut PgConnection,
    tenant: Uuid,
    runs: &[(RunId, &Kept)],
) -> Result<Vec<i64>> {
    let units: Vec<i64> = runs.iter().map(|(_, kept)| kept.unit).collect();
    if !runs.is_empty() {
        sqlx::query(include_str!("../../sql/tenant/run_delete.sql"))
            .bind(tenant)
            .bind(runs.iter().map(|(id, _)| id.uuid()).collect::<Vec<_>>())
            .bind(&units)
            .bind(runs.iter().map(|(_, kept)| kept.started_at).collect::<Vec<_>>())
            .execute(conn)
            .await?;
    }
    Ok(units)
}

/// Remembers that an upload delivered what another had delivered before it.
async fn remember(
    conn: &mut PgConnection,
    tenant: Uuid,
    origin: Uuid,
    here: Vec<Uuid>,
) -> Result<()> {
    if !here.is_empty() {
        sqlx::query(include_str!("../../sql/tenant/delivered_insert.sql"))
            .bind(tenant)
            .bind(origin)
            .bind(here)
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Takes away the runs and repairs of an upload and its replays, but for those that
/// another upload delivered too and the replay does not; returns the units that they
/// belonged to.
async fn clear(
    conn: &mut PgConnection,
    tenant: Uuid,
    origin: ReceiptId,
    replay: &Ledger,
) -> Result<Vec<i64>> {
    sqlx::query(include_str!("../../sql/tenant/replay_hand_over.sql"))
        .bind(tenant)
        .bind(Uuid::from(origin))
        .bind([ids(&replay.runs), ids(&replay.repairs)].concat())
        .execute(&mut *conn)
        .await?;
    let rows = sqlx::query(include_str!("../../sql/tenant/replay_runs.sql"))
        .bind(tenant)
        .bind(Uuid::from(origin))
        .fetch_all(&mut *conn)
        .await?;
    let mut runs = Vec::with_capacity(rows.len());
    for row in rows {
        let kept = Kept {
            unit: row.try_get("unit_id")?,
            started_at: row.try_get("started_at")?,
            standing: Standing::new(true, 0, ContentHash::from([0; 32])),
            is_version_1: false,
        };
        runs.push((RunId::from(row.try_get::<Uuid, _>("id")?), kept));
    }
    let runs: Vec<_> = runs.iter().map(|(id, kept)| (*id, kept)).collect();
    let mut units = remove(conn, tenant, &runs).await?;
    let of_repairs: Vec<i64> =
        sqlx::query_scalar(include_str!("../../sql/tenant/replay_repairs.sql"))
            .bind(tenant)
            .bind(Uuid::from(origin))
            .fetch_all(&mut *conn)
            .await?;
    units.extend(of_repairs);
    units.sort_unstable();
    units.dedup();
    sqlx::query(include_str!("../../sql/tenant/replay_kinds.sql"))
        .bind(tenant)
        .bind(&units)
        .execute(conn)
        .await?;
    Ok(units)
}

async fn insert_runs(
    conn: &mut PgConnection,
    tenant: Uuid,
    receipt: ReceiptId,
    units: &[i64],
    parameters: Vec<i64>,
) -> Result<()> {
    sqlx::query(include_str!("../../sql/tenant/run_insert.sql"))
        .bind(tenant)
        .execute(&mut *conn)
        .await?;
    sqlx::query(include_str!("../../sql/tenant/identity_insert.sql"))
        .bind(tenant)
        .bind(units)
        .bind(Uuid::from(receipt))
        .execute(&mut *conn)
        .await?;
    sqlx::query(include_str!("../../sql/tenant/measurement_insert.sql"))
        .bind(tenant)
        .bind(parameters)
        .execute(&mut *conn)
        .await?;
    for details in [
        include_str!("../../sql/tenant/step_insert.sql"),
        include_str!("../../sql/tenant/finding_insert.sql"),
        include_str!("../../sql/tenant/component_insert.sql"),
    ] {
        sqlx::query(details).bind(tenant).execute(&mut *conn).await?;
    }
    Ok(())
}
