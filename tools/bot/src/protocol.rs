//! The frames of `/ws`, as far as a client reads and writes them.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de::Error};

/// A message's id, which is its place in the order: milliseconds, and a number within the millisecond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    milliseconds: u64,
    number: u64,
}

impl FromStr for Id {
    type Err = String;

    fn from_str(text: &str) -> Result<Id, String> {
        let parsed = text.split_once('-').and_then(|(milliseconds, number)| {
            Some(Id {
                milliseconds: milliseconds.parse().ok()?,
                number: number.parse().ok()?,
            })
        });
        parsed.ok_or_else(|| format!("{text:?} is no id such as 1764000000000-0"))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.milliseconds, self.number)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// What a server says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ServerFrame<'a> {
    /// The first frame.
    Welcome {
        /// The replica.
        #[serde(borrow)]
        replica: Cow<'a, str>,
    },
    /// What was said.
    Messages {
        /// At least one message.
        messages: Vec<Message>,
    },
    /// Something may be missing between where the client was and the messages that follow.
    Gap {
        /// Where the client was, by its own word.
        after: Id,
        /// The first message that is kept; none if none is.
        first: Option<Id>,
    },
    /// Who is here.
    Presence {},
    /// A message of this client was published.
    Sent {
        /// What the client called it.
        #[serde(rename = "ref", borrow)]
        reference: Cow<'a, str>,
        /// What everybody calls it from now on.
        id: Id,
    },
    /// A frame of this client was refused.
    Error {
        /// What the client called it; none if that could not be read.
        #[serde(rename = "ref", borrow)]
        reference: Option<Cow<'a, str>>,
        /// What was wrong.
        #[serde(borrow)]
        error: Cow<'a, str>,
        /// After how many seconds it makes sense to try again, where that is known.
        #[serde(default)]
        retry_after: Option<u64>,
    },
}

impl<'a> ServerFrame<'a> {
    /// Reads a frame.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn parse(text: &'a str) -> serde_json::Result<ServerFrame<'a>> {
        serde_json::from_str(text)
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: Id,
    /// What was said.
    pub text: String,
}

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ClientFrame<'a> {
    /// To say something to everybody.
    Send {
        /// How the answer shall call it. The same message keeps it, however often it is sent.
        #[serde(rename = "ref", borrow)]
        reference: Cow<'a, str>,
        /// What to say.
        #[serde(borrow)]
        text: Cow<'a, str>,
    },
}

impl ClientFrame<'_> {
    /// The frame's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
