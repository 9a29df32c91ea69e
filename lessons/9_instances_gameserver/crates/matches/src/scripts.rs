//! The scripts that Redis runs: one for each change, and for each question that more than one key answers.

use std::sync::LazyLock;

use redis::Script;

use crate::directory::{HOLD, LEASE, MAX_GROUP};

/// What is put before each script.
const SHARED: &str = concat!(
    include_str!("scripts/directory.lua"),
    include_str!("scripts/line.lua"),
    include_str!("scripts/parties.lua"),
);

/// How long what belongs to a match is kept that nobody speaks of any more, in seconds.
const KEPT: u32 = 60;

/// For so long what a server says may be older than what the directory knows, in milliseconds. It is longer than an answer may
/// take.
const GRACE: u32 = 1000;

macro_rules! scripts {
    ($($name:ident = $file:literal;)*) => {$(
        pub(crate) static $name: LazyLock<Script> =
            LazyLock::new(|| script(include_str!(concat!("scripts/", $file, ".lua"))));
    )*};
}

scripts! {
    ALLOCATE = "allocate";
    CLAIM = "claim";
    CREATE_PARTY = "create_party";
    FINISH = "finish";
    FLEET = "fleet";
    JOIN_PARTY = "join_party";
    LEAVE = "leave";
    LEAVE_PARTY = "leave_party";
    PARTY_OF = "party_of";
    RELEASE = "release";
    RENEW = "renew";
    SEAT_OF = "seat_of";
    WATCHABLE = "watchable";
    WITHDRAW = "withdraw";
}

fn script(own: &str) -> Script {
    let (hold, lease) = (HOLD.as_millis(), LEASE.as_millis());
    let numbers = format!(
        "local HOLD, LEASE, GRACE, KEPT, MOST_SEATS = {hold}, {lease}, {GRACE}, {KEPT}, {MAX_GROUP}\n"
    );
    Script::new(&[&numbers, SHARED, own].concat())
}
