//! Tickets for the seats of one match that are being looked at.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;

/// By seat, how many tickets for it are being looked at.
pub struct Claims {
    counts: Mutex<Vec<u32>>,
    /// Is told whenever there is one less.
    changed: Arc<Notify>,
}

/// A ticket for a seat is being looked at, until this is dropped.
pub struct Claim {
    claims: Arc<Claims>,
    seat: usize,
}

impl Claims {
    /// No ticket is being looked at.
    #[must_use]
    pub fn new(seats: usize, changed: &Arc<Notify>) -> Arc<Claims> {
        Arc::new(Claims {
            counts: Mutex::new(vec![0; seats]),
            changed: Arc::clone(changed),
        })
    }

    /// Notes that a ticket for a seat is being looked at. None if there is no such seat.
    pub fn claim(self: &Arc<Claims>, seat: usize) -> Option<Claim> {
        *self.counts.lock().get_mut(seat)? += 1;
        let claims = Arc::clone(self);
        Some(Claim { claims, seat })
    }

    /// Whether any ticket is being looked at.
    #[must_use]
    pub fn any(&self) -> bool {
        self.counts.lock().iter().any(|count| *count > 0)
    }

    /// The seats for which there is one.
    #[must_use]
    pub fn seats(&self) -> Vec<u8> {
        let counts = self.counts.lock();
        let claimed = counts.iter().zip(0..).filter(|(count, _)| **count > 0);
        claimed.map(|(_, seat)| seat).collect()
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.claims.counts.lock()[self.seat] -= 1;
        self.claims.changed.notify_one();
    }
}
