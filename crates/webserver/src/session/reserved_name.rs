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

/// What stands between a name and the beginning of an id where the page tells namesakes apart, and what looks like it.
const TAG_SIGNS: [char; 3] = ['#', '♯', '井'];

/// The characters of an id that the page shows.
const TAG_LENGTH: usize = 6;

/// Whether a name looks like one of those that no player may have.
///
/// Only the looks count, not the letters: `SYSTEM`, `s.y.s.t.e.m` and `ѕystеm` with two Cyrillic letters are all the same.
pub fn is_reserved(name: &str) -> bool {
    let letters: Vec<char> = look(name).chars().filter(|c| c.is_alphanumeric()).collect();
    let replica: Vec<char> = look(REPLICA).chars().collect();
    let begins_like =
        |word: &[char]| letters.len() >= word.len() && resembles(&letters[..word.len()], word);
    RESERVED
        .iter()
        .any(|word| resembles(&letters, &look(word).chars().collect::<Vec<_>>()))
        || begins_like(&replica)
        || ends_in_you(name)
        || ends_in_a_tag(name)
}

/// Whether letters may be read as a word. One of another alphabet may look like any: Unicode's table knows many of those, but
/// not all. Some letter must be one of the word's own, or every word of another language would do.
fn resembles(letters: &[char], word: &[char]) -> bool {
    if word.len() < 4 {
        return letters == word;
    }
    let mut pairs = letters.iter().zip(word);
    letters.len() == word.len()
        && letters.iter().any(char::is_ascii)
        && pairs.all(|(letter, own)| letter == own || !letter.is_ascii())
}

/// Whether the last that is read is `(you)`, in any brackets or behind any sign, and with anything between its letters.
fn ends_in_you(name: &str) -> bool {
    let mut rest = name.chars().rev().peekable();
    let (mut is_closed, mut own) = (false, 0);
    for letter in YOU.chars().rev() {
        while let Some(sign) = rest.next_if(|c| !c.is_alphanumeric()) {
            is_closed |= letter == 'u' && !".,;:!?… ".contains(sign);
        }
        let Some(shown) = rest.next().map(|c| look(&c.to_string())) else {
            return false;
        };
        own += usize::from(shown == letter.to_string());
        if shown != letter.to_string() && shown.is_ascii() {
            return false;
        }
    }
    while rest.next_if(|c| c.is_whitespace()).is_some() {}
    own > 0 && (is_closed || rest.next().is_none_or(|before| !before.is_alphanumeric()))
}

/// Whether it ends as the page tells namesakes apart: in a `#` and the beginning of an id.
fn ends_in_a_tag(name: &str) -> bool {
    let tag = name.rsplit_once(TAG_SIGNS).map(|(_, tag)| tag);
    if tag.is_some_and(|tag| !tag.is_empty() && tag.chars().all(char::is_alphanumeric)) {
        return true;
    }
    let mut from_the_end = name.chars().rev();
    let is_id = from_the_end
        .by_ref()
        .take(TAG_LENGTH)
        .all(|c| c.is_ascii_hexdigit());
    let sign = from_the_end.next();
    is_id && sign.is_some_and(|sign| !sign.is_ascii() && !sign.is_alphanumeric())
}

/// What a name looks like: the same for two that a reader may confuse, by Unicode's table of such characters (UTS 39).
///
/// The table keeps capital letters apart from small ones, and says that a capital I looks like an l. So everything is
/// looked up twice, before and after it is made small, and an i counts as an l. Accents count as nothing. An m is an r with an n
/// behind it there, and here the other way round, so that a letter stays one letter.
fn look(name: &str) -> String {
    let small = skeleton(name).collect::<String>().to_lowercase();
    let looked_up = skeleton(&small).collect::<String>();
    let plain = looked_up.nfd().filter(|c| !is_combining_mark(*c));
    let plain: String = plain.map(|c| if c == 'i' { 'l' } else { c }).collect();
    plain.replace("rn", "m").replace("vv", "w")
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
            "Ada⋕1260f2",
            "Ada ⌗1260f2",
            "Ada 井1260f2",
            "Ada (y o u)",
            "Ada ⒴⒪⒰",
            "Ada (уоц)",
            "Ada |you|",
            "Ada ꒰you꒱",
            "Ada you)",
            "vvebserver-1",
            "ωebserver-1",
            "wεbserver",
            "sʏsᴛᴇᴍ",
            "ѕуѕтем",
            "syѕтем",
            "systern",
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
            "Are you?",
            "Thank you!",
            "Joy O U",
            "привет",
            "система",
            "Серёжа123456",
            "Max-120395",
            "王小明",
        ] {
            assert!(!is_reserved(name), "{name}: {}", look(name));
        }
    }
}
