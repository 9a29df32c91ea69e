//! What a player is called in logs.
//!
//! Others see a player's id in the chat and in the game, beside the name. So whoever reads logs must not read ids: they
//! read a keyed hash, by which what one player did is found together, and nobody is found who wants to know who it was
//! without the key. All replicas have the same key, or they would call one player by several names.

use std::sync::OnceLock;

use clap::Args;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// What pseudonyms are made with.
#[derive(Args, Clone, Debug)]
pub struct PseudonymConfig {
    /// Key that makes pseudonyms of players in logs; the same for all replicas
    #[arg(
        long,
        env = "PSEUDONYM_KEY",
        global = true,
        default_value = "course-only",
        hide_env_values = true,
        value_name = "KEY"
    )]
    pub pseudonym_key: SecretString,
}

static KEY: OnceLock<SecretString> = OnceLock::new();

/// Sets the key, once for the process.
pub(crate) fn install(config: &PseudonymConfig) {
    let _ = KEY.set(config.pseudonym_key.clone());
}

/// What a player with this id is called in logs: 64 bits of an HMAC-SHA-256, which two of a million players share with
/// a chance of 1 to 37 million.
#[must_use]
pub fn pseudonym(player: &str) -> String {
    let key = KEY.get().map_or("", |key| key.expose_secret());
    of(key, player)
}

fn of(key: &str, player: &str) -> String {
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
        unreachable!("a key for HMAC may have any length");
    };
    let hash = mac.chain_update(player).finalize().into_bytes();
    hash[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_player_has_one_pseudonym_for_each_key() {
        // The second test case of RFC 4231.
        let known = of("Jefe", "what do ya want for nothing?");
        assert_eq!(known, "5bdcc146bf60754e");
        assert_eq!(of("a", "ada"), of("a", "ada"));
        assert_ne!(of("a", "ada"), of("b", "ada"));
        assert_ne!(of("a", "ada"), of("a", "bob"));
    }
}
