//! Friends who play together.

use protocol::PlayerId;
use serde::{Deserialize, Serialize};

use crate::{
    directory::Directory,
    directory_error::DirectoryError,
    ids::{MatchId, PartyCode},
    scripts::{CREATE_PARTY, JOIN_PARTY, LEAVE_PARTY, PARTY_OF},
};

/// How many a party has at most: as many as a match has seats.
pub const MAX_MEMBERS: usize = 8;

/// Somebody in a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Which player.
    pub player: PlayerId,
    /// What they are called.
    pub name: String,
}

/// Friends who play together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// What others join it by.
    pub code: PartyCode,
    /// Who is in it, in the order in which they came.
    pub members: Vec<Member>,
    /// Its match, once it plays.
    pub id: Option<MatchId>,
}

/// Why somebody is not in a party now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// Nobody has this code.
    #[error(
        "there is no party with this code; a code ends with the match that its party has played"
    )]
    NoSuchParty,
    /// It has as many as a match has seats.
    #[error("this party is full")]
    Full,
    /// The directory did not do it.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
}

impl Directory {
    /// Makes a party with one member. Whoever is in one already gets that one.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn create_party(&self, member: &Member) -> Result<Party, DirectoryError> {
        let party: Told = self
            .run(&CREATE_PARTY, |call| {
                call.arg(member.player.to_string()).arg(&member.name);
                // There are more codes than anybody could use up, so this is one that no party has.
                call.arg(PartyCode::random().bare());
            })
            .await?;
        read(party).ok_or(DirectoryError::Unreadable)
    }

    /// Takes somebody into a party, and out of any other. Whoever is in it already stays in it.
    ///
    /// # Errors
    /// When there is none with this code, it is full, or the directory does not answer.
    pub async fn join_party(&self, code: &PartyCode, member: &Member) -> Result<Party, JoinError> {
        let party: Told = self
            .run(&JOIN_PARTY, |call| {
                call.arg(member.player.to_string()).arg(&member.name);
                call.arg(code.bare());
            })
            .await?;
        match party.0.as_str() {
            "none" => Err(JoinError::NoSuchParty),
            "full" => Err(JoinError::Full),
            _ => Ok(read(party).ok_or(DirectoryError::Unreadable)?),
        }
    }

    /// Takes a player out of the party, if there is one. The last one to leave ends it.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn leave_party(&self, player: PlayerId) -> Result<(), DirectoryError> {
        self.run(&LEAVE_PARTY, |call| {
            call.arg(player.to_string());
        })
        .await
    }

    /// The party of a player, who has been seen by this.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn party_of(&self, player: PlayerId) -> Result<Option<Party>, DirectoryError> {
        let party: Option<Told> = self
            .run(&PARTY_OF, |call| {
                call.arg(player.to_string());
            })
            .await?;
        let party = party.map(|party| read(party).ok_or(DirectoryError::Unreadable));
        party.transpose()
    }
}

/// A party as a script says it: its code, its match or nothing, and of each member the id and the name.
type Told = (String, String, Vec<(String, String)>);

fn read((code, id, members): Told) -> Option<Party> {
    let members = members.into_iter().map(|(player, name)| {
        let player = player.parse().ok()?;
        Some(Member { player, name })
    });
    Some(Party {
        code: code.parse().ok()?,
        members: members.collect::<Option<_>>()?,
        id: if id.is_empty() {
            None
        } else {
            Some(id.parse().ok()?)
        },
    })
}
