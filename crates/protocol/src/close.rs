//! Why a server closes a socket.

/// Why a server closes a socket: the close code and the reason that its client is given.
///
/// Codes below 4000 mean what RFC 6455 and its registry say. Those from 4000 on are an application's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseReason {
    /// The client broke the rules of WebSockets.
    ProtocolError = 1002,
    /// What the client sent as text is not UTF-8.
    NotText = 1007,
    /// The client sent too much that makes no sense.
    TooManyBadFrames = 1008,
    /// The client sent a frame that is too large.
    TooLarge = 1009,
    /// The replica stops. Another serves already, or this one does again soon.
    Restart = 1012,
    /// The client reads more slowly than others talk.
    TooSlow = 4001,
    /// The client gives no sign of life.
    Silent = 4002,
    /// The session is over for which this socket was opened: a logout, a login, or its time.
    SessionEnded = 4004,
    /// The client sends more frames than anybody needs.
    TooManyFrames = 4005,

    // lesson 7
    /// What the client missed cannot be read now.
    HistoryUnavailable = 1013,
    /// The replica missed messages itself.
    MissedMessages = 4003,

    // lesson 8
    /// No seat is left for another player.
    Full = 4006,

    // lesson 9
    /// The ticket is not accepted. A frame before this says why.
    TicketRefused = 4008,
    /// The same player has come to this seat over another socket, and the newest wins.
    Replaced = 4009,
    /// The match is over, and its result was told.
    MatchOver = 4010,
    /// The player has given the seat up, or sits elsewhere by now.
    GivenUp = 4011,

    // lesson 11
    /// The match goes on, and not here any more.
    Moved = 4012,
}

impl CloseReason {
    /// All of them.
    pub const ALL: &[CloseReason] = &[
        CloseReason::ProtocolError,
        CloseReason::NotText,
        CloseReason::TooManyBadFrames,
        CloseReason::TooLarge,
        CloseReason::Restart,
        CloseReason::TooSlow,
        CloseReason::Silent,
        CloseReason::SessionEnded,
        CloseReason::TooManyFrames,
        // lesson 7
        CloseReason::HistoryUnavailable,
        CloseReason::MissedMessages,
        CloseReason::Full, // lesson 8
        // lesson 9
        CloseReason::TicketRefused,
        CloseReason::Replaced,
        CloseReason::MatchOver,
        CloseReason::GivenUp,
        CloseReason::Moved, // lesson 11
    ];

    /// The reason that has this close code; none if no server here closes with it.
    #[must_use]
    pub fn from_code(code: u16) -> Option<CloseReason> {
        let mut all = CloseReason::ALL.iter().copied();
        all.find(|reason| reason.code() == code)
    }

    /// Whether another client would not have been closed.
    #[must_use]
    pub fn is_because_of_the_client(self) -> bool {
        matches!(
            self,
            CloseReason::ProtocolError
                | CloseReason::NotText
                | CloseReason::TooManyBadFrames
                | CloseReason::TooLarge
                | CloseReason::TooSlow
                | CloseReason::Silent
                | CloseReason::TooManyFrames
        )
    }

    /// The close code: 1002 to 1013, or from 4000 on.
    #[must_use]
    pub fn code(self) -> u16 {
        self as u16
    }

    /// The reason in words, at most 123 bytes: a close frame has no room for more.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            CloseReason::ProtocolError => "this is not the WebSocket protocol",
            CloseReason::NotText => "a text frame was not UTF-8",
            CloseReason::TooManyBadFrames => "too many frames made no sense",
            CloseReason::TooLarge => "a frame must have at most 16384 bytes",
            CloseReason::Restart => "this replica restarts; connect again",
            CloseReason::TooSlow => "this socket reads too slowly",
            CloseReason::Silent => "there was no sign of life",
            CloseReason::SessionEnded => "this session is over",
            CloseReason::TooManyFrames => "too many frames came in too short a time",
            // lesson 7
            CloseReason::HistoryUnavailable => "the history cannot be read now",
            CloseReason::MissedMessages => "this replica missed messages; connect again",
            CloseReason::Full => "all seats of this match are taken", // lesson 8
            // lesson 9
            CloseReason::TicketRefused => "this ticket is not accepted",
            CloseReason::Replaced => "another socket has come to this seat",
            CloseReason::MatchOver => "this match is over",
            CloseReason::GivenUp => "this seat was given up",
            // lesson 11
            CloseReason::Moved => "this match goes on on another server; ask a web server where",
        }
    }
}
