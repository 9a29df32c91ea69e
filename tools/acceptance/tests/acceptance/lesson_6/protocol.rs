//! The protocol to the letter: what RFC 6455 allows is understood, however it is cut up, and what it forbids ends the socket
//! with the code that it names. The cases are those of the Autobahn test suite that concern a server without extensions.

use std::time::Duration;

use acceptance::{
    player::Player,
    wire::{FIN, Heard, Wire, close, frame, head},
};
use anyhow::{Context, ensure};
use load::raw_frames::opcode::{CLOSE, PING, PONG, TEXT};
use stack::{Stack, until};

const CONTINUED: u8 = 0;
const BINARY: u8 = 2;

/// A replica that lets a client say as much as these tests do.
async fn replica() -> anyhow::Result<(Stack, String)> {
    let mut stack = Stack::builder()
        .environment("MESSAGE_RATE", "1000")
        .environment("FRAME_RATE", "1000")
        .environment("OPENING_RATE", "1000")
        .environment("LOGIN_RATE", "1000")
        .start()
        .await?;
    let address = stack.replica(0)?.address().to_owned();
    Ok((stack, address))
}

/// What makes sense, with this text.
fn said(text: &str) -> Vec<u8> {
    // Each text has a reference of its own, and the same text the same.
    let reference = text.len();
    format!(r#"{{"type":"send","ref":"{reference}","text":"{text}"}}"#).into_bytes()
}

/// The same in so many bytes. JSON may have blanks around it.
fn said_in(bytes: usize) -> Vec<u8> {
    let mut said = said("hello");
    said.resize(bytes, b' ');
    said
}

/// A message in parts of so many bytes, each in a frame of its own.
fn parts(kind: u8, payload: &[u8], bytes: usize) -> Vec<Vec<u8>> {
    let count = payload.len().div_ceil(bytes);
    let parts = payload.chunks(bytes).enumerate().map(|(number, part)| {
        let kind = if number == 0 { kind } else { CONTINUED };
        let fin = if number + 1 == count { FIN } else { 0 };
        frame(fin | kind, part)
    });
    parts.collect()
}

#[tokio::test]
async fn whatever_the_protocol_allows_is_understood() -> anyhow::Result<()> {
    let (_stack, address) = replica().await?;
    let ada = Player::log_in(&address, "Ada").await?;
    let mut wire = Wire::open(&ada, &address).await?;
    let text = said("hello");
    let split = said("κόσμε 🐐");
    let pong = |payload: &[u8]| Heard::Pong(payload.to_owned());
    let mut cases: Vec<(String, Vec<u8>, Vec<Heard>)> = Vec::new();
    let mut case = |name: &str, bytes: Vec<u8>, heard: Vec<Heard>| {
        cases.push((name.to_owned(), bytes, heard));
    };
    // Each way to write a length, at its ends.
    for bytes in [text.len(), 125, 126, 127, 128, 16_384] {
        let frame = frame(FIN | TEXT, &said_in(bytes));
        case(&format!("{bytes} bytes"), frame, vec![Heard::Sent]);
    }
    case("nothing", frame(FIN | TEXT, b""), vec![Heard::Error]);
    case("bytes", frame(FIN | BINARY, &[0, 255]), vec![Heard::Error]);
    // Pings, between messages and within one.
    for payload in [&b""[..], b"hello", &[0, 255, 254, 0x80], &[b'x'; 125]] {
        let name = format!("a ping of {} bytes", payload.len());
        case(&name, frame(FIN | PING, payload), vec![pong(payload)]);
    }
    let pings: Vec<String> = (0..10).map(|number| format!("ping {number}")).collect();
    case(
        "ten pings",
        pings
            .iter()
            .flat_map(|ping| frame(FIN | PING, ping.as_bytes()))
            .collect(),
        pings.iter().map(|ping| pong(ping.as_bytes())).collect(),
    );
    case(
        "a pong that nobody asked for",
        [frame(FIN | PONG, b"here"), frame(FIN | PING, b"there")].concat(),
        vec![pong(b"there")],
    );
    for bytes in [1, 2, 3, text.len() - 1] {
        let name = format!("a text in parts of {bytes}");
        case(&name, parts(TEXT, &text, bytes).concat(), vec![Heard::Sent]);
    }
    // Within a character, too.
    for bytes in 1..4 {
        let name = format!("beyond ASCII in parts of {bytes}");
        case(
            &name,
            parts(TEXT, &split, bytes).concat(),
            vec![Heard::Sent],
        );
    }
    let mut with_pings = Vec::new();
    for part in parts(TEXT, &text, 20) {
        with_pings.extend([part, frame(FIN | PING, b"within")].concat());
    }
    let mut heard = vec![pong(b"within"); text.len().div_ceil(20)];
    heard.push(Heard::Sent);
    case("a ping behind each part", with_pings, heard);
    let empty = [
        frame(TEXT, b""),
        frame(CONTINUED, b""),
        frame(FIN | CONTINUED, &text),
    ];
    case("empty parts", empty.concat(), vec![Heard::Sent]);
    case(
        "several messages at once",
        [
            frame(FIN | TEXT, &text),
            frame(FIN | TEXT, &text),
            frame(FIN | PING, b""),
        ]
        .concat(),
        vec![pong(b""), Heard::Sent, Heard::Sent],
    );

    for (name, bytes, expected) in &cases {
        // At once, and byte by byte.
        for step in [bytes.len(), 1] {
            if bytes.len() / step > 1_000 {
                continue;
            }
            for chunk in bytes.chunks(step) {
                wire.send(chunk).await?;
            }
            let mut heard = Vec::new();
            for _ in expected {
                heard.push(wire.hear().await.with_context(|| name.clone())?);
            }
            // Redis answers when it answers; all else is in order.
            heard.sort_by_key(|heard| *heard == Heard::Sent);
            ensure!(heard == *expected, "{name}, {step} at once: {heard:?}");
        }
    }
    Ok(())
}

/// Sends this on a socket of its own, which must end with this code.
async fn ends(
    player: &Player,
    address: &str,
    name: &str,
    bytes: &[u8],
    code: Option<u16>,
) -> anyhow::Result<()> {
    let mut wire = Wire::open(player, address).await?;
    // It may be closed before all is sent.
    let _ = wire.send(bytes).await;
    let heard = wire.hear().await.with_context(|| name.to_owned())?;
    ensure!(
        heard == Heard::Close(code),
        "{name}: {heard:?} instead of a close with {code:?}"
    );
    // A client answers, and the server ends the connection. It may have done so already.
    let _ = wire.send(&close(code.unwrap_or(1000), b"")).await;
    let heard = wire.hear().await.with_context(|| name.to_owned())?;
    ensure!(heard == Heard::End, "{name}: {heard:?} after the close");
    Ok(())
}

#[tokio::test]
async fn whatever_the_protocol_forbids_ends_the_socket_with_its_code() -> anyhow::Result<()> {
    let (_stack, address) = replica().await?;
    let text = said("hello");
    let (protocol, not_text, large) = (1002, 1007, 1009);
    let mut cases: Vec<(String, Vec<u8>, u16)> = Vec::new();
    let mut case =
        |name: &str, bytes: Vec<u8>, code: u16| cases.push((name.to_owned(), bytes, code));

    for bits in [0x40, 0x20, 0x10, 0x70] {
        case(
            &format!("reserved bits {bits:x}"),
            frame(FIN | bits | TEXT, &text),
            protocol,
        );
    }
    case(
        "a reserved bit of a ping",
        frame(FIN | 0x40 | PING, b""),
        protocol,
    );
    for kind in [3, 7, 11, 15] {
        case(&format!("opcode {kind}"), frame(FIN | kind, b""), protocol);
        case(
            &format!("opcode {kind} with a payload"),
            frame(FIN | kind, b"hello"),
            protocol,
        );
    }
    for kind in [PING, PONG, CLOSE] {
        case(
            &format!("a long control frame {kind}"),
            frame(FIN | kind, &[b'x'; 126]),
            protocol,
        );
        case(
            &format!("half a control frame {kind}"),
            frame(kind, b""),
            protocol,
        );
    }
    case(
        "the end of nothing",
        frame(FIN | CONTINUED, &text),
        protocol,
    );
    case("the middle of nothing", frame(CONTINUED, &text), protocol);
    case(
        "a text within a text",
        [frame(TEXT, b"{"), frame(FIN | TEXT, &text)].concat(),
        protocol,
    );
    case(
        "bytes within a text",
        [frame(TEXT, b"{"), frame(FIN | BINARY, b"x")].concat(),
        protocol,
    );
    let mut bare = vec![FIN | TEXT, text.len() as u8];
    bare.extend(&text);
    case("no mask", bare, protocol);

    for bytes in [
        &[0xff][..],
        b"\xce\xba\xed\xa0\x80",
        b"\xc0\xaf",
        b"\xf4\x90\x80\x80",
        b"\xe2\x82",
        b"\x80",
    ] {
        case(
            &format!("no UTF-8, {bytes:x?}"),
            frame(FIN | TEXT, bytes),
            not_text,
        );
    }
    case(
        "no UTF-8 in parts",
        parts(TEXT, b"\xce\xba\xed\xa0\x80 and more", 1).concat(),
        not_text,
    );
    case(
        "no UTF-8 before the last part",
        [frame(TEXT, b"ok"), frame(CONTINUED, &[0xff])].concat(),
        not_text,
    );

    case(
        "a message that is too large",
        frame(FIN | TEXT, &said_in(16_385)),
        large,
    );
    case(
        "too large in parts",
        parts(TEXT, &said_in(16_385), 1_000).concat(),
        large,
    );
    case(
        "far too large in parts",
        parts(TEXT, &said_in(40_000), 1_000).concat(),
        large,
    );
    case(
        "a frame of a megabyte",
        frame(FIN | TEXT, &said_in(1_000_000)),
        large,
    );
    case(
        "a head that claims 2^40 bytes",
        [head(FIN | TEXT, 1 << 40), vec![0; 4]].concat(),
        large,
    );

    case("half a code", frame(FIN | CLOSE, &[3]), protocol);
    for code in [
        0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535,
    ] {
        case(&format!("the code {code}"), close(code, b""), protocol);
    }
    case(
        "a reason that is no UTF-8",
        close(1000, b"\xed\xa0\x80"),
        not_text,
    );

    for (number, (name, bytes, code)) in cases.iter().enumerate() {
        let player = Player::log_in(&address, &format!("Player {number}")).await?;
        ends(&player, &address, name, bytes, Some(*code)).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_close_is_answered_with_its_code() -> anyhow::Result<()> {
    let (_stack, address) = replica().await?;
    let ada = Player::log_in(&address, "Ada").await?;
    for code in [
        1000, 1001, 1002, 1003, 1007, 1011, 1012, 3000, 3999, 4000, 4999,
    ] {
        ends(
            &ada,
            &address,
            &format!("code {code}"),
            &close(code, b"goodbye"),
            Some(code),
        )
        .await?;
    }
    ends(
        &ada,
        &address,
        "a long reason",
        &close(1000, &[b'x'; 123]),
        Some(1000),
    )
    .await?;
    ends(&ada, &address, "no code", &frame(FIN | CLOSE, b""), None).await?;
    // What comes behind a close is not looked at.
    for (name, more) in [
        ("a text behind it", frame(FIN | TEXT, &said("hello"))),
        ("a ping behind it", frame(FIN | PING, b"")),
        ("another behind it", close(1001, b"")),
        ("no frame behind it", vec![0xff; 100]),
    ] {
        ends(
            &ada,
            &address,
            name,
            &[close(1000, b""), more].concat(),
            Some(1000),
        )
        .await?;
    }
    let within = [frame(TEXT, b"{"), close(1000, b"")].concat();
    ends(&ada, &address, "within a text", &within, Some(1000)).await?;
    // What was said before is said.
    let mut wire = Wire::open(&ada, &address).await?;
    wire.send(&[frame(FIN | TEXT, &said("the last word")), close(1000, b"")].concat())
        .await?;
    let end = match wire.hear().await? {
        Heard::Sent => wire.hear().await?,
        end => end,
    };
    ensure!(end == Heard::Close(Some(1000)), "{end:?}");
    until("the last word", Duration::from_secs(10), async || {
        let told = ada.hear(&address, None).await;
        let told = told.map_err(|error| format!("{error:#}"))?;
        let last = told.last().ok_or("nothing was said")?;
        let is_told = last["text"] == "the last word";
        is_told.then_some(()).ok_or_else(|| last.to_string())
    })
    .await
}
