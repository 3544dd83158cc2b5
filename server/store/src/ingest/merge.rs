//! Merges the staging tables into the tenant's tables, in one transaction and under the
//! tenant's advisory lock.

use std::collections::{BTreeMap, BTreeSet};

use domain::identity::DeliveryPriority;
use domain::{ContentHash, ReceiptId, RunId, Timestamp};
use sqlx::Row as _;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::batch::{Arrival, Ledger};
use super::duplicates::{Tally, resolve_duplicates};
use super::receipt::{self, Receipt, Remark, RemarkKind};
use super::{UploadResult, names};
use crate::attempts::{self, AffectedUnits};
use crate::{Result, TenantTx};

pub(super) async fn merge(
    tx: &mut TenantTx,
    mut ledger: Ledger,
    receipt: &mut Receipt,
    until: Timestamp,
) -> Result<UploadResult> {
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
        // A later replay corrected the reading of these bytes and stays in effect. Otherwise a
        // station that uploads the same file again would restore the replaced records next to
        // the corrected ones.
        if !same && let Some(first) = ledger.runs.first().or(ledger.repairs.first()) {
            receipt.remarks.push(replayed_warning(first.line, replay));
        }
        let runs = count_as_duplicates(&ledger.runs);
        let repairs = count_as_duplicates(&ledger.repairs);
        receipt::insert(conn, (tenant, &actor), receipt, Some(origin), (runs, repairs)).await?;
        return Ok(UploadResult {
            first_receipt: first_receipt.map(ReceiptId::from),
            runs,
            repairs,
        });
    }

    // Units from which a replay removes runs.
    let mut cleared = Vec::new();
    // A replay without records removes nothing.
    if let Some(replays) = receipt.replays.filter(|_| !ledger.is_empty()) {
        cleared = delete_upload_rows(conn, tenant, replays.origin, &ledger).await?;
    }
    // A repeated upload shares the runs of the first one, also in a replay.
    let origin = receipt.replays.map(|it| Uuid::from(it.origin)).or(first_origin);

    let stored = load_stored_runs(conn, tenant, &ledger.runs).await?;
    match_version_1(&mut ledger.runs, &stored);
    let priorities = stored.iter().map(|(id, run)| (*id, run.priority)).collect();
    let stored_repairs = load_stored_repairs(conn, tenant, &ledger.repairs).await?;
    let redelivered = redelivered_runs(&ledger.runs, &stored)
        .chain(stored_repairs.keys().copied())
        .map(Uuid::from)
        .collect();
    if receipt.replays.is_some() || first_origin.is_none() {
        // For a repeated upload, this was recorded the first time.
        let origin = origin.unwrap_or_else(|| receipt.id.into());
        insert_redelivered(conn, tenant, origin, redelivered).await?;
    }
    let runs = resolve_duplicates(&ledger.runs, &priorities);
    let repairs = resolve_duplicates(&ledger.repairs, &stored_repairs);
    receipt.remarks.extend(runs.remarks);
    receipt.remarks.extend(repairs.remarks);
    if !(runs.superseded.is_empty() && repairs.superseded.is_empty()) {
        sqlx::query(include_str!("../../sql/tenant/stage_drop.sql"))
            .bind(runs.superseded)
            .bind(repairs.superseded)
            .execute(&mut *conn)
            .await?;
    }
    let displaced = runs.displaced.iter().map(|(id, _)| id);
    let replaced: Vec<(RunId, &StoredRun)> = runs
        .replaced
        .iter()
        .chain(displaced)
        .filter_map(|id| Some((*id, stored.get(id)?)))
        .collect();
    let moved_from = delete_runs(conn, tenant, &replaced).await?;
    displace_identities(conn, tenant, &runs.displaced).await?;

    let Ledger { units, parameters, .. } = ledger;
    let units = names::resolve_units(conn, tenant, units).await?;
    let mut numbered = Vec::new();
    let mut is_changed = units.has_new_units
        || units.has_raised_kinds
        || !(replaced.is_empty() && cleared.is_empty());
    if runs.tally.changes() || units.has_raised_kinds || !cleared.is_empty() {
        let known = [units.known, moved_from, cleared.clone()].concat();
        let affected = AffectedUnits { known, staged: &units.ids };
        numbered = attempts::number(conn, tenant, affected, until).await?;
        let parameters = names::resolve_parameters(conn, tenant, &parameters).await?;
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
        numbered.extend(&units.ids);
        numbered.extend(&cleared);
    }
    is_changed |= attempts::mark_episodes(conn, tenant, &numbered).await? > 0;
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
    receipt::insert(conn, (tenant, &actor), receipt, origin, tallies).await?;
    if is_changed {
        tx.set_data_changed();
    }
    Ok(UploadResult {
        first_receipt: first_receipt.map(ReceiptId::from),
        runs: runs.tally,
        repairs: repairs.tally,
    })
}

/// Finds the last replay of an upload that yielded records, and whether it had exactly these
/// parameters.
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

fn replayed_warning(line: u64, replay: ReceiptId) -> Remark {
    Remark {
        line,
        kind: RemarkKind::Warning,
        lines: 1,
        code: "replayed",
        why: format!(
            "these bytes were read again with other parameters; that stands (receipt {replay})"
        ),
    }
}

/// Counts all deliveries as duplicates: a replay of the same bytes is in effect.
fn count_as_duplicates(arrivals: &[Arrival]) -> Tally {
    Tally { duplicates: arrivals.len() as u64, ..Tally::default() }
}

/// A run that was stored before attributes were, and is delivered again with the same content, is a
/// duplicate.
fn match_version_1(arrivals: &mut [Arrival], kept: &BTreeMap<RunId, StoredRun>) {
    for arrival in arrivals {
        let former = arrival.same_start.map(|start| start.former());
        let same =
            |kept: &&StoredRun| kept.is_version_1 && kept.priority.content() == arrival.version_1;
        let ids = [Some(arrival.id), former].into_iter().flatten();
        let same = ids.filter_map(|id| kept.get(&id)).find(same);
        if let Some(same) = same {
            arrival.priority = same.priority;
        }
    }
}

/// The stored runs among the delivered ones: the same run, or one of the same start that
/// replaces it or that it replaces.
fn redelivered_runs<'a>(
    arrivals: &'a [Arrival],
    kept: &'a BTreeMap<RunId, StoredRun>,
) -> impl Iterator<Item = RunId> + 'a {
    arrivals.iter().flat_map(move |arrival| {
        let start = arrival.same_start;
        let own = [Some(arrival.id), start.map(|start| start.former())].into_iter().flatten();
        let lesser = start.into_iter().flat_map(|start| start.replaced());
        let better = start.and_then(|start| start.replaced_by()).and_then(|ids| {
            let mut complete = kept.range(ids).filter(|(_, kept)| kept.priority.is_complete());
            complete.next().map(|(id, _)| *id)
        });
        own.chain(lesser).filter(|id| kept.contains_key(id)).chain(better)
    })
}

/// Deletes the identities of runs that runs with another id replaced; moves their voids and
/// deliveries to the replacing runs.
async fn displace_identities(
    conn: &mut PgConnection,
    tenant: Uuid,
    pairs: &[(RunId, RunId)],
) -> Result<()> {
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

/// A stored run.
struct StoredRun {
    unit: i64,
    started_at: chrono::DateTime<chrono::Utc>,
    priority: DeliveryPriority,
    /// Whether its content hash excludes attributes, which were not stored then.
    is_version_1: bool,
}

async fn load_stored_runs(
    conn: &mut PgConnection,
    tenant: Uuid,
    arrivals: &[Arrival],
) -> Result<BTreeMap<RunId, StoredRun>> {
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
    let mut stored = BTreeMap::new();
    for row in rows {
        let artifacts: i64 = row.try_get("artifacts")?;
        let priority = DeliveryPriority::new(
            row.try_get("complete")?,
            artifacts.cast_unsigned(),
            content_hash(&row)?,
        );
        stored.insert(
            RunId::from(row.try_get::<Uuid, _>("id")?),
            StoredRun {
                unit: row.try_get("unit_id")?,
                started_at: row.try_get("started_at")?,
                priority,
                is_version_1: row.try_get::<i16, _>("content_version")? == 1,
            },
        );
    }
    Ok(stored)
}

async fn load_stored_repairs(
    conn: &mut PgConnection,
    tenant: Uuid,
    arrivals: &[Arrival],
) -> Result<BTreeMap<RunId, DeliveryPriority>> {
    if arrivals.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = sqlx::query(include_str!("../../sql/tenant/repairs_known.sql"))
        .bind(tenant)
        .bind(ids(arrivals))
        .fetch_all(conn)
        .await?;
    let mut stored = BTreeMap::new();
    for row in rows {
        let id: Uuid = row.try_get("id")?;
        stored.insert(RunId::from(id), DeliveryPriority::new(true, 0, content_hash(&row)?));
    }
    Ok(stored)
}

fn ids(arrivals: &[Arrival]) -> Vec<Uuid> {
    arrivals.iter().map(|arrival| arrival.id.uuid()).collect()
}

fn content_hash(row: &sqlx::postgres::PgRow) -> Result<ContentHash> {
    let bytes: Vec<u8> = row.try_get("content_hash")?;
    Ok(ContentHash::from(<[u8; 32]>::try_from(bytes).unwrap_or_default()))
}

/// Deletes runs that are replaced; returns their units.
async fn delete_runs(
    conn: &mut PgConnection,
    tenant: Uuid,
    runs: &[(RunId, &StoredRun)],
) -> Result<Vec<i64>> {
    let units: Vec<i64> = runs.iter().map(|(_, run)| run.unit).collect();
    if !runs.is_empty() {
        sqlx::query(include_str!("../../sql/tenant/run_delete.sql"))
            .bind(tenant)
            .bind(runs.iter().map(|(id, _)| id.uuid()).collect::<Vec<_>>())
            .bind(&units)
            .bind(runs.iter().map(|(_, run)| run.started_at).collect::<Vec<_>>())
            .execute(conn)
            .await?;
    }
    Ok(units)
}

/// Records that an upload delivered runs and repairs that another upload had delivered before.
async fn insert_redelivered(
    conn: &mut PgConnection,
    tenant: Uuid,
    origin: Uuid,
    redelivered: Vec<Uuid>,
) -> Result<()> {
    if !redelivered.is_empty() {
        sqlx::query(include_str!("../../sql/tenant/delivered_insert.sql"))
            .bind(tenant)
            .bind(origin)
            .bind(redelivered)
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Deletes the runs and repairs of an upload and its replays, except those that another upload
/// also delivered and the replay does not; returns their units.
async fn delete_upload_rows(
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
        let run = StoredRun {
            unit: row.try_get("unit_id")?,
            started_at: row.try_get("started_at")?,
            priority: DeliveryPriority::new(true, 0, ContentHash::from([0; 32])),
            is_version_1: false,
        };
        runs.push((RunId::from(row.try_get::<Uuid, _>("id")?), run));
    }
    let runs: Vec<_> = runs.iter().map(|(id, run)| (*id, run)).collect();
    let mut units = delete_runs(conn, tenant, &runs).await?;
    let repair_units: Vec<i64> =
        sqlx::query_scalar(include_str!("../../sql/tenant/replay_repairs.sql"))
            .bind(tenant)
            .bind(Uuid::from(origin))
            .fetch_all(&mut *conn)
            .await?;
    units.extend(repair_units);
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
