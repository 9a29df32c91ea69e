//! Finds the frames in what a server sends, and looks no further.
//!
//! The benchmark's client shares the machine with the servers. So it must cost little: it checks no UTF-8 and
//! parses no JSON, and copies only what is cut in two by the end of a read.

use memchr::memmem::Finder;

/// What a frame is, by its first byte.
pub mod opcode {
    /// A text.
    pub const TEXT: u8 = 1;
    /// The end of the conversation.
    pub const CLOSE: u8 = 8;
    /// A question whether we live.
    pub const PING: u8 = 9;
    /// The answer to it.
    pub const PONG: u8 = 10;
}

/// The frames of one socket.
#[derive(Debug, Default)]
pub struct Frames {
    /// The beginning of a frame whose end has not come.
    pending: Vec<u8>,
}

impl Frames {
    /// Takes what was read, and calls `frame` with the opcode and the payload of each frame that is complete.
    pub fn feed(&mut self, bytes: &[u8], mut frame: impl FnMut(u8, &[u8])) {
        if self.pending.is_empty() {
            let used = complete(bytes, &mut frame);
            self.pending.extend_from_slice(&bytes[used..]);
        } else {
            self.pending.extend_from_slice(bytes);
            let used = complete(&self.pending, &mut frame);
            self.pending.drain(..used);
        }
        if self.pending.is_empty() {
            // A socket that has once had a large frame in two parts shall not keep the room for ever.
            self.pending = Vec::new();
        }
    }
}

/// Calls `frame` for each complete frame at the beginning of `bytes`, and gives how many bytes these are.
fn complete(bytes: &[u8], frame: &mut impl FnMut(u8, &[u8])) -> usize {
    let mut used = 0;
    while let Some((opcode, start, end)) = header(&bytes[used..]) {
        let Some(payload) = bytes.get(used + start..used + end) else {
            break;
        };
        frame(opcode, payload);
        used += end;
    }
    used
}

/// Opcode of the frame that begins here, and where its payload begins and ends. None if the header is not
/// complete. A server's frames are never masked, and those of the servers here are never fragmented.
fn header(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let [first, second, rest @ ..] = bytes else {
        return None;
    };
    let (start, length) = match second & 0x7f {
        126 => (
            4,
            usize::from(u16::from_be_bytes(*rest.first_chunk::<2>()?)),
        ),
        127 => {
            let length = u64::from_be_bytes(*rest.first_chunk::<8>()?);
            (10, usize::try_from(length).ok()?)
        }
        length => (2, usize::from(length)),
    };
    Some((first & 0x0f, start, start.checked_add(length)?))
}

/// A small frame as a client sends it. The mask is zero, which every server must take.
///
/// The payload is cut to the 125 bytes that a control frame may have.
#[must_use]
pub fn control(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let payload = &payload[..payload.len().min(125)];
    let length = u8::try_from(payload.len()).unwrap_or(125);
    [&[0x80 | opcode, 0x80 | length, 0, 0, 0, 0], payload].concat()
}

/// Finds the sequence number and the time in each message of a frame.
#[derive(Debug)]
pub struct Texts {
    finder: Finder<'static>,
}

impl Texts {
    /// Finds the messages whose text begins with `run`.
    #[must_use]
    pub fn of(run: &str) -> Texts {
        let needle = format!("\"text\":\"{run} ");
        Texts {
            finder: Finder::new(&needle).into_owned(),
        }
    }

    /// Calls `message` with the two numbers behind `run` in each message: its sequence and its time.
    pub fn find(&self, payload: &[u8], mut message: impl FnMut(u64, u64)) {
        let length = self.finder.needle().len();
        let mut rest = payload;
        while let Some(at) = self.finder.find(rest) {
            rest = &rest[at + length..];
            let (sequence, digits) = number(rest);
            let (time, _) = number(&rest[(digits + 1).min(rest.len())..]);
            message(sequence, time);
        }
    }
}

/// The number at the beginning, and how many digits it has.
fn number(bytes: &[u8]) -> (u64, usize) {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold((0, 0), |(number, count), digit| {
        let digit = u64::from(digit - b'0');
        (
            number.saturating_mul(10).saturating_add(digit),
            count + 1_usize,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![0x80 | opcode];
        match payload.len() {
            length @ 0..126 => frame.push(u8::try_from(length).unwrap()),
            length @ 126..65_536 => {
                frame.push(126);
                frame.extend(u16::try_from(length).unwrap().to_be_bytes());
            }
            length => {
                frame.push(127);
                frame.extend((length as u64).to_be_bytes());
            }
        }
        frame.extend_from_slice(payload);
        frame
    }

    #[test]
    fn frames_are_found_wherever_the_reads_end() {
        let payloads = [
            b"".to_vec(),
            b"short".to_vec(),
            vec![b'a'; 300],
            vec![b'b'; 70_000],
        ];
        let stream: Vec<u8> = payloads
            .iter()
            .flat_map(|payload| frame(1, payload))
            .collect();
        for step in [1, 2, 3, 7, 1_000, stream.len()] {
            let mut frames = Frames::default();
            let mut found = Vec::new();
            for part in stream.chunks(step) {
                frames.feed(part, |opcode, payload| {
                    assert_eq!(opcode, opcode::TEXT);
                    found.push(payload.to_vec());
                });
            }
            assert!(found == payloads, "in steps of {step}");
        }
    }

    #[test]
    fn every_message_of_a_frame_is_found() {
        let payload = br#"{"messages":[{"id":"1","text":"run 7 123 ..."},{"text":"other 8 9 "},{"text":"run 8 124"}]}"#;
        let mut found = Vec::new();
        Texts::of("run").find(payload, |sequence, time| found.push((sequence, time)));
        assert_eq!(found, [(7, 123), (8, 124)]);
        Texts::of("run").find(br#""text":"run "#, |sequence, time| {
            assert_eq!((sequence, time), (0, 0));
        });
    }

    #[test]
    fn a_pong_is_masked() {
        assert_eq!(control(opcode::PONG, b"x"), [0x8a, 0x81, 0, 0, 0, 0, b'x']);
    }
}
