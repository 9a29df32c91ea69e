//! What a ledger has found.

use serde::Serialize;

/// What became of the deliveries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Messages that the server acknowledged. Only these are owed.
    pub acknowledged: u64,
    /// Deliveries of acknowledged messages that should have been made.
    pub owed: u64,
    /// First deliveries of a message to a receiver.
    pub delivered: u64,
    /// Owed and never delivered.
    pub lost: u64,
    /// Delivered to the same receiver again.
    pub duplicated: u64,
    /// Delivered too late, by the [`Order`](crate::order::Order) of the ledger.
    pub out_of_order: u64,
}

/// How a message has come to a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// For the first time, and when it should.
    InOrder,
    /// For the first time, and after one that it should have come before.
    Late,
    /// Again.
    Again,
}
