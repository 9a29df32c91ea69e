//! Names that would be taken for something else than a player.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_security::confusable_detection::skeleton;

/// What speaks in this system, or seems to, beside the players.
const RESERVED: [&str; 10] = [
    "admin",
    "administrator",
    "goatscale",
    "moderator",
    "nobody",
    "replica",
    "root",
    "server",
    "system",
    "you",
];

/// What the names of replicas begin with, which stand on the page beside those of players.
const REPLICA: &str = "webserver";

/// What the page puts behind the name of whoever sits before it, in parentheses.
const YOU: &str = "you";

/// Whether a name looks like one of those that no player may have.
///
/// Only the looks count, not the letters: `SYSTEM`, `s.y.s.t.e.m` and `ѕystеm` with two Cyrillic letters are all the same.
pub fn is_reserved(name: &str) -> bool {
    let shown = look(name);
    let letters: String = shown.chars().filter(|c| c.is_alphanumeric()).collect();
    RESERVED.iter().any(|reserved| look(reserved) == letters)
        || letters.starts_with(&look(REPLICA))
        || ends_in_you(&shown)
        || ends_in_a_tag(&shown)
}

/// Whether the last that is read is `(you)`, in any brackets or behind any sign.
fn ends_in_you(shown: &str) -> bool {
    let shown = shown.trim_end_matches(|c: char| !c.is_alphanumeric());
    let before = shown.strip_suffix(&look(YOU));
    let before = before.and_then(|before| before.trim_end().chars().next_back());
    before.is_some_and(|sign| !sign.is_alphanumeric())
}

/// Whether it ends as the page tells namesakes apart: in a `#` and digits.
fn ends_in_a_tag(shown: &str) -> bool {
    let tag = shown.rsplit_once(['#', '♯']).map(|(_, tag)| tag);
    tag.is_some_and(|tag| !tag.is_empty() && tag.chars().all(char::is_alphanumeric))
}

/// What a name looks like: the same for two that a reader may confuse, by Unicode's table of such characters (UTS 39).
///
/// The table keeps capital letters apart from small ones, and says that a capital I looks like an l. So everything is
/// looked up twice, before and after it is made small, and an i counts as an l. Accents count as nothing.
fn look(name: &str) -> String {
    let small = skeleton(name).collect::<String>().to_lowercase();
    let looked_up = skeleton(&small).collect::<String>();
    let plain = looked_up.nfd().filter(|c| !is_combining_mark(*c));
    plain.map(|c| if c == 'i' { 'l' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_looks_like_a_reserved_name_is_reserved() {
        for name in [
            "system",
            "System",
            "SYSTEM",
            // Cyrillic letters, small and capital.
            "ѕуѕtеm",
            "ЅУЅТЕМ",
            "ADМIN",
            "s y s t e m",
            "[system]",
            "sy\u{200d}stem",
            "ｓystem",
            "𝐬𝐲𝐬𝐭𝐞𝐦",
            "sÿstem",
            "r00t",
            "AdmIn",
            "adm1n",
            "webserver-1",
            "WebServer 2",
            "wеbserver",
            "You",
            "Ada (you)",
            "Ada (You)",
            "Ada (уоu)",
            "Ada ( you )",
            "Ada [you]",
            "Ada （you）",
            "Ada ❨you❩",
            "Ada – you",
            "(you)",
            "Ada #0f3a",
            "Ada＃0f3a",
        ] {
            let name: String = name.nfkc().collect();
            assert!(is_reserved(&name), "{name}: {}", look(&name));
        }
    }

    #[test]
    fn whatever_only_has_something_of_it_is_not() {
        for name in [
            "Ada",
            "Systema",
            "Mo",
            "Bayou",
            "Are you",
            "Youri",
            "Admina",
            "Серёжа",
            "山羊",
            "🐐",
            "Rooter",
            "Ada (he)",
            "سارا",
            "Web",
            "!",
            "C#",
            "# 1",
        ] {
            assert!(!is_reserved(name), "{name}: {}", look(name));
        }
    }
}
