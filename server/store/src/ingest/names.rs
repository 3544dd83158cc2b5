//! Resolves the names of units and parameters to ids.

use std::collections::HashMap;

use sqlx::Row as _;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::batch::Parameter;
use crate::Result;

/// The units of an upload.
pub(super) struct Units {
    /// Their ids, in the order of the upload's serials.
    pub(super) ids: Vec<i64>,
    /// Ids of the units that existed before, and may have a history.
    pub(super) known: Vec<i64>,
    /// Whether the kind of any existing unit changed.
    pub(super) has_raised_kinds: bool,
    /// Whether any unit is new.
    pub(super) has_new_units: bool,
}

/// Finds the units, inserts new ones, and raises the kind of existing ones that the upload
/// states as golden or reference.
pub(super) async fn resolve_units(
    conn: &mut PgConnection,
    tenant: Uuid,
    units: Vec<(String, i16)>,
) -> Result<Units> {
    let (serials, kinds): (Vec<String>, Vec<i16>) = units.into_iter().unzip();
    let rows = sqlx::query(include_str!("../../sql/tenant/units_known.sql"))
        .bind(tenant)
        .bind(&serials)
        .fetch_all(&mut *conn)
        .await?;
    let mut found = HashMap::with_capacity(serials.len());
    let mut stated_kinds = HashMap::with_capacity(rows.len());
    for row in rows {
        let id: i64 = row.try_get("id")?;
        stated_kinds.insert(id, row.try_get::<i16, _>("kind_said")?);
        found.insert(row.try_get::<String, _>("serial")?, id);
    }
    let known: Vec<i64> = found.values().copied().collect();
    let mut raised: HashMap<i16, Vec<i64>> = HashMap::new();
    let mut added = (Vec::new(), Vec::new());
    for (serial, kind) in serials.iter().zip(kinds) {
        match found.get(serial) {
            None => {
                added.0.push(serial.as_str());
                added.1.push(kind);
            }
            Some(id) if stated_kinds.get(id).is_some_and(|stated| *stated < kind) => {
                raised.entry(kind).or_default().push(*id);
            }
            Some(_) => {}
        }
    }
    let has_raised_kinds = !raised.is_empty();
    for (kind, ids) in raised {
        sqlx::query(include_str!("../../sql/tenant/units_raise.sql"))
            .bind(tenant)
            .bind(ids)
            .bind(kind)
            .execute(&mut *conn)
            .await?;
    }
    let has_new_units = !added.0.is_empty();
    if has_new_units {
        let rows = sqlx::query(include_str!("../../sql/tenant/units_insert.sql"))
            .bind(tenant)
            .bind(added.0)
            .bind(added.1)
            .fetch_all(conn)
            .await?;
        for row in rows {
            found.insert(row.try_get("serial")?, row.try_get("id")?);
        }
    }
    let ids = serials.iter().filter_map(|serial| found.get(serial).copied()).collect();
    Ok(Units { ids, known, has_raised_kinds, has_new_units })
}

/// Finds the parameters, inserts new ones, and returns the ids in the order of the upload.
pub(super) async fn resolve_parameters(
    conn: &mut PgConnection,
    tenant: Uuid,
    parameters: &[Parameter],
) -> Result<Vec<i64>> {
    let digests: Vec<&[u8]> = parameters.iter().map(|it| it.digest.as_slice()).collect();
    let rows = sqlx::query(include_str!("../../sql/tenant/parameters_known.sql"))
        .bind(tenant)
        .bind(&digests)
        .fetch_all(&mut *conn)
        .await?;
    let mut found: HashMap<Vec<u8>, i64> = HashMap::with_capacity(digests.len());
    for row in rows {
        found.insert(row.try_get("digest")?, row.try_get("id")?);
    }
    let added: Vec<&Parameter> =
        parameters.iter().filter(|it| !found.contains_key(it.digest.as_slice())).collect();
    if !added.is_empty() {
        let texts = |text: fn(&Parameter) -> &str| -> Vec<&str> {
            added.iter().map(|it| text(it)).collect()
        };
        let rows = sqlx::query(include_str!("../../sql/tenant/parameters_insert.sql"))
            .bind(tenant)
            .bind(added.iter().map(|it| it.digest.as_slice()).collect::<Vec<_>>())
            .bind(texts(|it| &it.operation))
            .bind(texts(|it| &it.step))
            .bind(texts(|it| &it.name))
            .bind(added.iter().map(|it| it.unit.as_deref()).collect::<Vec<_>>())
            .fetch_all(conn)
            .await?;
        for row in rows {
            found.insert(row.try_get("digest")?, row.try_get("id")?);
        }
    }
    Ok(digests.iter().filter_map(|digest| found.get(*digest).copied()).collect())
}
