//! Who is here, as one socket was told.

use std::collections::BTreeMap;

use serde_json::Value;

/// The list that a client keeps: it is given once, and then changes of it come.
#[derive(Debug, Default)]
pub struct Here {
    /// How many there are, by the last word.
    pub count: u64,
    /// The frames that said so, in their order.
    pub frames: Vec<Value>,
    names: BTreeMap<String, String>,
}

impl Here {
    /// Takes a frame in, if it is about who is here, and says whether it is.
    pub fn take(&mut self, frame: &Value) -> bool {
        match frame["type"].as_str() {
            Some("presence") => {
                self.names.clear();
                self.add(&frame["players"]);
            }
            Some("changes") => {
                for player in frame["left"].as_array().into_iter().flatten() {
                    self.names.remove(player.as_str().unwrap_or_default());
                }
                self.add(&frame["came"]);
            }
            _ => return false,
        }
        self.count = frame["count"].as_u64().unwrap_or_default();
        self.frames.push(frame.clone());
        true
    }

    /// The names that were told, in their order.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.names.values().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    fn add(&mut self, players: &Value) {
        for who in players.as_array().into_iter().flatten() {
            let text = |key: &str| who[key].as_str().unwrap_or_default().to_owned();
            self.names.insert(text("player"), text("name"));
        }
    }
}
