//! Stations that retry each delivery until it is acknowledged.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex};
use std::thread::Scope;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::factory::Delivery;
use crate::support::program::wait_for;

/// An event of a station.
pub(super) enum Event {
    /// A request was started.
    Begun,
    /// The response was a receipt.
    Acknowledged { delivery: usize, receipt: Uuid, took: Duration },
    /// There was no complete response with a receipt: the request will be retried.
    Refused,
}

/// All stations.
pub(super) struct Clients {
    address: Mutex<String>,
    token: String,
    queue: Mutex<Queue>,
    changed: Condvar,
}

/// The deliveries up to `released` may be sent.
#[derive(Default)]
struct Queue {
    next: usize,
    released: usize,
    closed: bool,
}

impl Clients {
    pub(super) fn new(address: &str, token: &str) -> Self {
        let address = Mutex::new(address.to_owned());
        Self { address, token: token.to_owned(), queue: Mutex::default(), changed: Condvar::new() }
    }

    /// Releases so many more deliveries.
    pub(super) fn release(&self, number: usize) {
        self.queue.lock().unwrap().released += number;
        self.changed.notify_all();
    }

    /// Ends the stations after the released deliveries.
    pub(super) fn close(&self) {
        self.queue.lock().unwrap().closed = true;
        self.changed.notify_all();
    }

    fn next(&self) -> Option<usize> {
        let idle = |queue: &mut Queue| queue.next == queue.released && !queue.closed;
        let mut queue = self.changed.wait_while(self.queue.lock().unwrap(), idle).unwrap();
        let number = queue.next;
        queue.next += 1;
        (number < queue.released).then_some(number)
    }

    /// Sets the new address of the server.
    pub(super) fn moved(&self, address: &str) {
        address.clone_into(&mut self.address.lock().unwrap());
    }

    /// Starts the stations. Each delivery is sent by the next idle station.
    pub(super) fn send<'scope>(
        &'scope self,
        deliveries: &'scope [Delivery],
        stations: usize,
        scope: &'scope Scope<'scope, '_>,
    ) -> Receiver<Event> {
        let (say, events) = channel();
        for _ in 0..stations {
            let say = say.clone();
            scope.spawn(move || self.work(deliveries, &say));
        }
        events
    }

    fn work(&self, deliveries: &[Delivery], say: &Sender<Event>) {
        while let Some((number, delivery)) =
            self.next().and_then(|number| Some((number, deliveries.get(number)?)))
        {
            loop {
                let begun = Instant::now();
                let _ = say.send(Event::Begun);
                if let Some(receipt) = self.deliver(delivery) {
                    let took = begun.elapsed();
                    let _ = say.send(Event::Acknowledged { delivery: number, receipt, took });
                    break;
                }
                let _ = say.send(Event::Refused);
                wait_for("a server", || {
                    self.ask("GET /readyz HTTP/1.1", "").is_some_and(|(status, answer)| {
                        status == 200 && answer.contains("\"database\":true")
                    })
                });
            }
        }
    }

    /// The receipt, if the response is complete.
    fn deliver(&self, delivery: &Delivery) -> Option<Uuid> {
        let Delivery { format, body, .. } = delivery;
        let head =
            format!("POST /ingest/v1/{format} HTTP/1.1\r\nAuthorization: Bearer {}", self.token);
        let (status, answer) = self.ask(&head, body)?;
        match status {
            200 => {
                // A truncated response does not count.
                let answer: serde_json::Value = serde_json::from_str(&answer).ok()?;
                let receipt = answer["receipt_id"].as_str().expect("a receipt");
                assert_eq!(answer["rejected_total"], 0, "{answer}");
                Some(receipt.parse().expect("an id"))
            }
            503 => None,
            _ => panic!("{status}: a kill is to be told as 503 or not at all: {answer}"),
        }
    }

    /// Sends the body in pieces, so that a kill may occur between two.
    fn ask(&self, head: &str, body: &str) -> Option<(u16, String)> {
        let address = self.address.lock().unwrap().clone();
        let mut stream = TcpStream::connect(address).ok()?;
        stream.set_nodelay(true).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
        let length = body.len();
        let head = format!("{head}\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}");
        write!(stream, "{head}\r\n\r\n").ok()?;
        for piece in body.as_bytes().chunks(1000) {
            stream.write_all(piece).ok()?;
        }
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
    }
}
