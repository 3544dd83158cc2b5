//! Fault injection: the server and its database are killed repeatedly while stations send
//! results. Acknowledged uploads are stored exactly once, and no upload is stored partially.

mod client;
mod factory;
mod truth;

use std::collections::HashMap;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

use self::client::{Clients, Event};
use self::truth::Truth;
use crate::support::program::{Folder, Server, signal, wait_for};

/// Environment variable with the seed of a failure, to repeat its deliveries and kills.
const SEED: &str = "FIRSTPASS_KILL_SEED";

/// Number of deliveries between two kills, and after the last.
const ROUND: usize = 10;
const STATIONS: usize = 3;
/// PostgreSQL recovers in less time.
const PATIENCE: Duration = Duration::from_secs(90);

/// The process to kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Server,
    /// The postmaster, the parent of all processes of PostgreSQL. It cannot notify them.
    Postmaster,
    /// A backend process of one connection. PostgreSQL then terminates all other connections,
    /// because the shared memory may be corrupt.
    Backend,
    /// Server and postmaster.
    Both,
}

const VICTIMS: [Victim; 8] = [
    Victim::Server,
    Victim::Postmaster,
    Victim::Backend,
    Victim::Server,
    Victim::Both,
    Victim::Backend,
    Victim::Server,
    Victim::Postmaster,
];

/// A kill: the victim, the number of acknowledged deliveries before it, the time since the start
/// of a request as a fraction of the usual time, and the index of the backend.
#[derive(Debug)]
struct Kill {
    victim: Victim,
    acknowledged: usize,
    into: f64,
    backend: usize,
}

/// The kills, one a round. The remaining deliveries of the round guarantee another request.
fn kills(random: &mut StdRng) -> Vec<Kill> {
    let kill = |(round, victim): (usize, &Victim)| Kill {
        victim: *victim,
        acknowledged: ROUND * round + random.random_range(1..ROUND - STATIONS),
        into: random.random_range(0.0..1.2),
        backend: random.random_range(0..STATIONS),
    };
    VICTIMS.iter().enumerate().map(kill).collect()
}

/// The events so far.
#[derive(Default)]
struct Stream {
    /// The acknowledged receipts with the delivery of each.
    receipts: HashMap<Uuid, usize>,
    took: Vec<Duration>,
    refused: usize,
}

impl Stream {
    fn note(&mut self, event: Event) {
        match event {
            Event::Begun => {}
            Event::Refused => self.refused += 1,
            Event::Acknowledged { delivery, receipt, took } => {
                let twice = self.receipts.insert(receipt, delivery);
                assert_eq!(twice, None, "one receipt for two deliveries: {receipt}");
                self.took.push(took);
            }
        }
    }

    /// Reads events until enough deliveries are acknowledged and a request begins.
    fn until(&mut self, acknowledged: usize, events: &Receiver<Event>) {
        loop {
            let event = events.recv_timeout(PATIENCE).expect("the stations stand still");
            let begun = matches!(event, Event::Begun);
            self.note(event);
            if begun && self.receipts.len() >= acknowledged {
                return;
            }
        }
    }

    fn usual(&self) -> Duration {
        let mut took = self.took.clone();
        took.sort_unstable();
        took.get(took.len() / 2).copied().unwrap_or_default()
    }
}

/// The server and its data folder.
struct House {
    folder: Folder,
    /// `None` while it is not running.
    server: Option<Server>,
}

impl House {
    /// Kills the victim while the last request is in progress, and restarts it.
    fn kill(&mut self, kill: &Kill, usual: Duration, truth: &Truth, clients: &Clients) {
        let postmaster = self.folder.postmaster().unwrap();
        let backend = match kill.victim {
            Victim::Backend => {
                let backends = truth.backends();
                Some(backends[kill.backend % backends.len()])
            }
            _ => None,
        };
        let begun = Instant::now();
        while begun.elapsed() < usual.mul_f64(kill.into) {
            std::hint::spin_loop();
        }
        if matches!(kill.victim, Victim::Postmaster | Victim::Both) {
            signal(postmaster, "KILL");
        }
        if let Some(backend) = backend {
            let before = truth.checkpointer();
            signal(backend, "KILL");
            wait_for("the database to notice", || {
                truth.checkpointer().is_some_and(|now| Some(now) != before)
            });
        }
        if matches!(kill.victim, Victim::Server | Victim::Both) {
            self.server.take().unwrap().kill();
            let server = Server::start(&self.folder);
            clients.moved(&server.address);
            self.server = Some(server);
        }
        if kill.victim == Victim::Postmaster {
            wait_for("the database to be started again", || {
                self.folder.postmaster().is_some_and(|pid| pid != postmaster)
            });
        }
        let server = self.server.as_ref().unwrap();
        wait_for("the server to be ready again", || server.is_ready());
    }
}

/// Ends the stations, also if the test fails.
struct Ending<'a>(&'a Clients);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[test]
fn what_was_acknowledged_outlives_kills_of_server_and_database_and_is_there_once() {
    let seed = std::env::var(SEED).ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| rand::rng().random());
    // Printed if the test fails.
    eprintln!("{SEED}={seed} repeats this");
    let mut random = StdRng::seed_from_u64(seed);
    let deliveries = factory::deliveries(ROUND * (VICTIMS.len() + 1), &mut random);
    let kills = kills(&mut random);

    let folder = Folder::new();
    let server = Server::start(&folder);
    let add = ["tenant", "add", "north", "--name", "North", "--timezone", "Asia/Taipei"];
    folder.say(&add, "");
    let token = folder.say(&["token", "add", "--tenant", "north", "--scope", "ingest"], "");
    let truth = Truth::of(&folder);
    let clients = Clients::new(&server.address, token.trim());
    let mut house = House { folder, server: Some(server) };

    let mut stream = Stream::default();
    std::thread::scope(|scope| {
        let _ending = Ending(&clients);
        let events = clients.send(&deliveries, STATIONS, scope);
        for kill in &kills {
            clients.release(ROUND);
            stream.until(kill.acknowledged, &events);
            let usual = stream.usual();
            events.try_iter().for_each(|event| stream.note(event));
            house.kill(kill, usual, &truth, &clients);
            truth.holds(&stream.receipts, &deliveries, &format!("{kill:?}"));
        }
        clients.release(ROUND);
        clients.close();
        events.iter().for_each(|event| stream.note(event));
    });
    eprintln!("{} answers, {} times none", stream.receipts.len(), stream.refused);
    assert_eq!(stream.receipts.len(), deliveries.len());
    assert!(stream.refused >= 3, "nothing was under way when it was killed");
    truth.holds(&stream.receipts, &deliveries, "the end");
    truth.is_whole(stream.receipts.len() + stream.refused);
    assert_eq!(truth.kept(), truth::kept_of_one_clean_delivery(&deliveries));
    assert_eq!(house.server.take().unwrap().stop(), Some(0));
}
