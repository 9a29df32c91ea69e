//! Connections that a server must not trust: what is sent to it in each case.

/// Numbers that look random and are the same in every run, so that a failure can be repeated.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The sequence of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// The next number (SplitMix64, whose whole state is one counter).
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// So many bytes.
    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| (self.next() >> 56) as u8).collect()
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

/// What is wrong with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Not HTTP at all, or nearly.
    Http,
    /// HTTP that asks for a WebSocket in a wrong way.
    Handshake,
    /// A WebSocket, and then anything.
    Garbage,
    /// A frame without a mask.
    Unmasked,
    /// A frame that is too large, or says so.
    Oversized,
    /// Bits that are reserved.
    Reserved,
    /// A ping in pieces, or too long, or a piece of nothing.
    Fragmented,
    /// A text that is no UTF-8.
    Utf8,
    /// A text that is no message.
    Nonsense,
    /// Somebody who goes away in the middle.
    HalfOpen,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 10] = [
        Kind::Http,
        Kind::Handshake,
        Kind::Garbage,
        Kind::Unmasked,
        Kind::Oversized,
        Kind::Reserved,
        Kind::Fragmented,
        Kind::Utf8,
        Kind::Nonsense,
        Kind::HalfOpen,
    ];
}

/// What is sent, and in which order.
#[derive(Clone, Debug)]
pub struct Opening {
    /// What is wrong with it.
    pub kind: Kind,
    /// The HTTP request.
    pub request: Vec<u8>,
    /// What follows when the server has switched to WebSocket; nothing if the request is what is wrong.
    pub frames: Option<Vec<u8>>,
    /// Whether to go away without waiting for an answer.
    pub drops: bool,
}

/// The opening of this number.
#[must_use]
pub fn opening(number: usize, seed: u64, host: &str, cookie: &str) -> Opening {
    let kind = Kind::ALL[number % Kind::ALL.len()];
    let random = &mut Random::new(seed.wrapping_add(number as u64));
    let frames = match kind {
        Kind::Http | Kind::Handshake => None,
        Kind::Garbage => {
            let length = 1 + random.below(4_000);
            Some(random.bytes(length))
        }
        Kind::Unmasked => Some([&[0x81, 5], "hello".as_bytes()].concat()),
        Kind::Oversized => Some(oversized(random)),
        Kind::Reserved => {
            let first = [0xc1, 0xa1, 0x91, 0xf1, 0x83, 0x87, 0x8b, 0x8f][random.below(8)];
            Some(masked(first, b"hello", random))
        }
        Kind::Fragmented => Some(fragmented(random)),
        Kind::Utf8 => Some(masked(0x81, &[b'a', 0xc3, 0x28, 0xff, 0xfe], random)),
        Kind::Nonsense => Some(nonsense(random)),
        Kind::HalfOpen => Some(masked(0x81, br#"{"type":"send","#, random)),
    };
    let mut request = match kind {
        Kind::Http => http(random, host),
        Kind::Handshake => handshake(random, host, cookie),
        _ => request(host, cookie).into_bytes(),
    };
    let mut opening = Opening {
        kind,
        request: Vec::new(),
        frames,
        drops: kind == Kind::HalfOpen,
    };
    if opening.drops {
        // In the middle of the request, or of the frame behind it.
        if random.below(2) == 0 {
            request.truncate(random.below(request.len()));
            opening.frames = None;
        } else if let Some(frames) = &mut opening.frames {
            frames.truncate(random.below(frames.len()));
        }
    }
    opening.request = request;
    opening
}

fn request(host: &str, cookie: &str) -> String {
    format!(
        "GET /ws HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}

fn http(random: &mut Random, host: &str) -> Vec<u8> {
    let host = format!("Host: {host}\r\n");
    match random.below(8) {
        0 => {
            let length = 1 + random.below(600);
            random.bytes(length)
        }
        1 => b"GET / HTTP/9.9\r\n\r\n".to_vec(),
        2 => b"\r\n\r\n\r\n\r\n".to_vec(),
        3 => format!("GET / HTTP/1.1\r\n{host}no colon here\r\n\r\n").into_bytes(),
        4 => format!("GET /\0\x01 HTTP/1.1\r\n{host}\r\n").into_bytes(),
        5 => format!("GET / HTTP/1.1\r\n{host}X: {}\r\n\r\n", "a".repeat(600_000)).into_bytes(),
        6 => format!("POST /api/login HTTP/1.1\r\n{host}Content-Length: -1\r\n\r\n").into_bytes(),
        _ => format!(
            "POST /api/login HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n"
        )
        .into_bytes(),
    }
}

fn handshake(random: &mut Random, host: &str, cookie: &str) -> Vec<u8> {
    let right = request(host, cookie);
    let (line, wrong) = match random.below(7) {
        0 => (
            "Sec-WebSocket-Version: 13\r\n",
            "Sec-WebSocket-Version: 99\r\n",
        ),
        1 => ("Sec-WebSocket-Version: 13\r\n", ""),
        2 => ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""),
        3 => ("Upgrade: websocket\r\n", "Upgrade: h2c\r\n"),
        4 => ("Connection: Upgrade\r\n", "Connection: close\r\n"),
        5 => ("GET /ws", "POST /ws"),
        _ => ("Cookie: ", "Cookie: session=nobody; was-"),
    };
    right.replace(line, wrong).into_bytes()
}

fn oversized(random: &mut Random) -> Vec<u8> {
    match random.below(3) {
        // Says that it has 2^62 bytes, or the most that can be said, and sends none of them.
        0 => [&[0x81, 0xff][..], &(1_u64 << 62).to_be_bytes(), &[0; 4]].concat(),
        1 => [&[0x82, 0xff][..], &u64::MAX.to_be_bytes(), &[0; 4]].concat(),
        _ => masked(0x81, &[b'a'; 64 * 1_024], random),
    }
}

fn fragmented(random: &mut Random) -> Vec<u8> {
    match random.below(4) {
        0 => masked(0x09, b"ping", random),
        1 => masked(0x89, &[b'a'; 126], random),
        2 => masked(0x80, b"the end of nothing", random),
        _ => [masked(0x01, b"one", random), masked(0x81, b"two", random)].concat(),
    }
}

fn nonsense(random: &mut Random) -> Vec<u8> {
    let texts = [
        "",
        "null",
        "{}",
        "[[[[[[[[",
        r#"{"type":"send"}"#,
        r#"{"type":"send","ref":7,"text":"a"}"#,
        r#"{"type":"send","ref":"","text":""}"#,
        r#"{"type":"welcome","replica":"me","name":"me"}"#,
        "{\"type\":\"send\",\"ref\":\"1\",\"text\":\"\\ud800\"}",
    ];
    let frames = (0..40).map(|_| {
        let text = random.one_of(&texts);
        masked(0x81, text.as_bytes(), random)
    });
    frames.collect::<Vec<_>>().concat()
}

/// A frame as a client has to mask it.
fn masked(first: u8, payload: &[u8], random: &mut Random) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        length @ 0..126 => frame.push(0x80 | length as u8),
        length @ 126..65_536 => {
            frame.push(0x80 | 126);
            frame.extend((length as u16).to_be_bytes());
        }
        length => {
            frame.push(0x80 | 127);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    let mask = random.bytes(4);
    frame.extend_from_slice(&mask);
    let bytes = payload.iter().zip(mask.iter().cycle());
    frame.extend(bytes.map(|(byte, mask)| byte ^ mask));
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_openings_of_every_kind() {
        let all = |seed| -> Vec<_> {
            let opening = |number| opening(number, seed, "localhost", "session=1");
            (0..100)
                .map(opening)
                .map(|opening| (opening.kind, opening.request, opening.frames))
                .collect()
        };
        assert!(all(1) == all(1));
        assert!(all(1) != all(2));
        for kind in Kind::ALL {
            assert_eq!(all(1).iter().filter(|(of, ..)| *of == kind).count(), 10);
        }
    }

    #[test]
    fn a_masked_frame_can_be_unmasked() {
        let frame = masked(0x81, b"hello", &mut Random::new(1));
        assert_eq!(frame[..2], [0x81, 0x85]);
        let text: Vec<u8> = (0..5).map(|at| frame[6 + at] ^ frame[2 + at % 4]).collect();
        assert_eq!(text, b"hello");
    }
}
