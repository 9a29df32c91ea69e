//! The scripts that Redis runs: one for each change, and for each question that more than one key answers.

use std::sync::LazyLock;

use redis::Script;

use crate::directory::{HOLD, LEASE, MAX_GROUP};

/// What is put before each script.
const SHARED: &str = concat!(
    include_str!("scripts/directory.lua"),
    include_str!("scripts/line.lua"),
    include_str!("scripts/owners.lua"),
    include_str!("scripts/parties.lua"),
    include_str!("scripts/results.lua"),
);

/// How long is kept what nobody speaks of any more, in seconds.
const KEPT: u32 = 60;

/// The same for matches, their checkpoints, and where their players sit. It is longer than a server may take to take one over.
const MATCH_KEPT: u32 = 300;

/// For so long what a server says may be older than what the directory knows, in milliseconds. It is longer than an answer may
/// take.
const GRACE: u32 = 1000;

/// How a script begins that may write even where Redis is at its memory limit.
const WHEN_FULL: &str = "#!lua flags=allow-oom\n";

macro_rules! scripts {
    ($($head:expr => { $($name:ident = $file:literal;)* })*) => {$($(
        pub(crate) static $name: LazyLock<Script> =
            LazyLock::new(|| script($head, include_str!(concat!("scripts/", $file, ".lua"))));
    )*)*};
}

scripts! {
    // What gives out something new.
    "" => {
        ALLOCATE = "allocate";
        CREATE_PARTY = "create_party";
        FLEET = "fleet";
        JOIN_PARTY = "join_party";
        PARTY_OF = "party_of";
        RESULT = "result";
        SEAT_OF = "seat_of";
        WATCHABLE = "watchable";
    }
    // What keeps up what there is, or ends it. Where nothing new fits in, matches go on all the same.
    WHEN_FULL => {
        CLAIM = "claim";
        FINISH = "finish";
        GIVE_UP = "give_up";
        HAND_OVER = "hand_over";
        LEAVE = "leave";
        LEAVE_PARTY = "leave_party";
        RELEASE = "release";
        RENEW = "renew";
        TAKE_OVER = "take_over";
        WITHDRAW = "withdraw";
    }
}

fn script(head: &str, own: &str) -> Script {
    let (hold, lease) = (HOLD.as_millis(), LEASE.as_millis());
    let numbers = format!(
        "local HOLD, LEASE, GRACE, KEPT, MATCH_KEPT, MOST_SEATS = \
         {hold}, {lease}, {GRACE}, {KEPT}, {MATCH_KEPT}, {MAX_GROUP}\n"
    );
    Script::new(&[head, &numbers, SHARED, own].concat())
}
