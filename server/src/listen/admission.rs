//! Connection limits: per peer, and in total.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::state::Limits;
use crate::web::peer::network;

/// Connections beyond the limit, only for health checks: monitoring works while the server
/// is full.
const HEALTH_RESERVE: usize = 32;

/// Counts the open connections.
#[derive(Debug, Clone)]
pub(super) struct Admission {
    total: usize,
    of_peer: usize,
    open: Arc<Mutex<Open>>,
}

#[derive(Debug, Default)]
struct Open {
    total: usize,
    by_peer: HashMap<IpAddr, usize>,
}

/// Permit of an open connection; dropping it releases it.
#[derive(Debug)]
pub(super) struct Permit {
    admission: Admission,
    peer: IpAddr,
    /// Whether the connection is only for health checks.
    pub(super) health_only: bool,
}

/// Why a connection is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Peer,
    Server,
}

impl Refusal {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Peer => "peer",
            Self::Server => "server",
        }
    }
}

impl Admission {
    pub(super) fn new(limits: &Limits) -> Self {
        let open = Arc::default();
        Self { total: limits.connections, of_peer: limits.connections_of_peer, open }
    }

    /// Admits a connection, beyond the total limit only for health checks.
    pub(super) fn admit(&self, peer: IpAddr) -> Result<Permit, Refusal> {
        let peer = network(peer.to_canonical());
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_peer = open.by_peer.get(&peer).copied().unwrap_or_default();
        if of_peer >= self.of_peer {
            return Err(Refusal::Peer);
        }
        if open.total >= self.total.saturating_add(HEALTH_RESERVE) {
            return Err(Refusal::Server);
        }
        let health_only = open.total >= self.total;
        open.total += 1;
        open.by_peer.insert(peer, of_peer + 1);
        metrics::gauge!("connections_open").set(open.total as f64);
        drop(open);
        Ok(Permit { admission: self.clone(), peer, health_only })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.admission.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.total = open.total.saturating_sub(1);
        if let Some(of_peer) = open.by_peer.get_mut(&self.peer) {
            *of_peer = of_peer.saturating_sub(1);
            if *of_peer == 0 {
                open.by_peer.remove(&self.peer);
            }
        }
        metrics::gauge!("connections_open").set(open.total as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission(total: usize, of_peer: usize) -> Admission {
        let limits =
            Limits { connections: total, connections_of_peer: of_peer, ..Limits::default() };
        Admission::new(&limits)
    }

    fn refusal(admitted: Result<Permit, Refusal>) -> Refusal {
        admitted.expect_err("admitted")
    }

    #[test]
    fn a_peer_has_its_share_and_gives_it_back() {
        let admission = admission(10, 2);
        let peer: IpAddr = "192.0.2.1".parse().unwrap();
        let first = admission.admit(peer).unwrap();
        let _second = admission.admit("::ffff:192.0.2.1".parse().unwrap()).unwrap();
        assert_eq!(refusal(admission.admit(peer)), Refusal::Peer);
        assert!(admission.admit("192.0.2.2".parse().unwrap()).is_ok());
        drop(first);
        assert!(admission.admit(peer).is_ok());
        assert_eq!(admission.open.lock().unwrap().by_peer.len(), 1);
    }

    #[test]
    fn a_network_of_ipv6_is_one_peer() {
        let admission = admission(10, 1);
        let _one = admission.admit("2001:db8::1".parse().unwrap()).unwrap();
        assert_eq!(refusal(admission.admit("2001:db8::2".parse().unwrap())), Refusal::Peer);
        assert!(admission.admit("2001:db8:0:1::1".parse().unwrap()).is_ok());
    }

    #[test]
    fn a_full_server_still_admits_questions_about_health() {
        let admission = admission(1, usize::MAX);
        let peer: IpAddr = "192.0.2.1".parse().unwrap();
        let served = admission.admit(peer).unwrap();
        assert!(!served.health_only);
        let reserve: Vec<_> = (0..HEALTH_RESERVE).map(|_| admission.admit(peer).unwrap()).collect();
        assert!(reserve.iter().all(|permit| permit.health_only));
        assert_eq!(refusal(admission.admit(peer)), Refusal::Server);
    }
}
