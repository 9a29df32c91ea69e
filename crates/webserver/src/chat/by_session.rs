//! The sockets of this replica, by the session with which each was opened.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use parking_lot::Mutex;
use protocol::CloseReason;
use sockets::Outbound;

use crate::session::key::SessionKey;

/// The sockets of this replica, by session.
#[derive(Debug)]
pub struct BySession {
    open: Mutex<HashMap<SessionKey, Vec<Seat>>>,
    /// How many sockets a session may have here.
    most: usize,
    seats: AtomicU64,
}

/// A socket that is open, or about to be.
#[derive(Debug)]
struct Seat {
    number: u64,
    outbound: Option<Arc<Outbound>>,
}

/// The place of one socket among those of its session, given back when this is dropped.
#[derive(Debug)]
pub struct Place {
    session: SessionKey,
    number: u64,
    all: Arc<BySession>,
}

impl BySession {
    /// No socket yet, and room for so many of each session.
    pub fn new(most: usize) -> BySession {
        BySession {
            open: Mutex::default(),
            most,
            seats: AtomicU64::new(0),
        }
    }

    /// A place for one more socket of this session; none if it has as many as it may have.
    ///
    /// It is to be taken *before* the session is looked up. A session that ends after that is found here.
    pub fn enter(self: &Arc<BySession>, session: SessionKey) -> Option<Place> {
        let mut open = self.open.lock();
        let seats = open.entry(session).or_default();
        if seats.len() >= self.most {
            return None;
        }
        let number = self.seats.fetch_add(1, Ordering::Relaxed);
        let outbound = None;
        seats.push(Seat { number, outbound });
        Some(Place {
            session,
            number,
            all: Arc::clone(self),
        })
    }

    /// Has all sockets of this session closed, because it is over.
    pub fn end(&self, session: SessionKey) {
        let seats = self.open.lock().remove(&session).unwrap_or_default();
        for outbound in seats.iter().filter_map(|seat| seat.outbound.as_ref()) {
            outbound.evict(CloseReason::SessionEnded);
        }
    }

    /// The sessions that have a socket here.
    pub fn sessions(&self) -> Vec<SessionKey> {
        self.open.lock().keys().copied().collect()
    }
}

impl Place {
    /// Notes what is written to the socket, now that it is open. It is closed at once if its session has ended meanwhile.
    pub fn opened(&self, outbound: &Arc<Outbound>) {
        let mut open = self.all.open.lock();
        let seats = open.get_mut(&self.session);
        let mut seats = seats.into_iter().flatten();
        match seats.find(|seat| seat.number == self.number) {
            Some(seat) => seat.outbound = Some(Arc::clone(outbound)),
            None => outbound.evict(CloseReason::SessionEnded),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.all.open.lock();
        if let Some(seats) = open.get_mut(&self.session) {
            seats.retain(|seat| seat.number != self.number);
            if seats.is_empty() {
                open.remove(&self.session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tower_sessions::session::Id;

    use super::*;

    #[test]
    fn a_session_has_so_many_places_and_gets_them_back() {
        let all = Arc::new(BySession::new(2));
        let (ada, bob) = (SessionKey::of(Id(1)), SessionKey::of(Id(2)));
        let places = [all.enter(ada).unwrap(), all.enter(ada).unwrap()];
        assert!(all.enter(ada).is_none());
        assert!(all.enter(bob).is_some());
        drop(places);
        assert!(all.enter(ada).is_some());
        assert_eq!(all.sessions(), []);
    }

    #[test]
    fn a_place_of_an_ended_session_takes_none_from_the_next() {
        let all = Arc::new(BySession::new(1));
        let ada = SessionKey::of(Id(1));
        let ended = all.enter(ada).unwrap();
        all.end(ada);
        let again = all.enter(ada).unwrap();
        drop(ended);
        assert!(all.enter(ada).is_none());
        drop(again);
        assert!(all.enter(ada).is_some());
    }
}
