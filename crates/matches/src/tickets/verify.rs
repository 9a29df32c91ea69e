//! How a game server checks tickets.

use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, errors::ErrorKind};

use super::{claims::Claims, crypto, ticket_error::TicketError};
use crate::ids::ServerId;

/// By how many seconds a server's clock may be behind that of the directory.
const BEHIND: u64 = 10;

/// By how many seconds it may be ahead.
const AHEAD: u64 = 5;

/// The longest name of a key.
const MAX_KID: usize = 64;

/// The name of the key that a ticket says it was signed with.
///
/// # Errors
/// When it is no ticket.
pub fn kid_of(ticket: &str) -> Result<String, TicketError> {
    let header = decode_header(ticket).map_err(|_| TicketError::Malformed)?;
    let kid = header.kid.filter(|kid| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric();
        header.alg == Algorithm::EdDSA && kid.len() <= MAX_KID && kid.bytes().all(is_plain)
    });
    kid.ok_or(TicketError::Malformed)
}

/// What a ticket says, if it was signed with this key, for this server, and just now by this server's clock.
///
/// # Errors
/// When it was not.
pub fn verify(
    ticket: &str,
    public: &[u8; 32],
    server: &ServerId,
    now: SystemTime,
) -> Result<Claims, TicketError> {
    crypto::install();
    let mut validation = Validation::new(Algorithm::EdDSA);
    // The library would judge by its own clock, and say less.
    validation.validate_exp = false;
    validation.set_audience(&[server]);
    validation.set_required_spec_claims(&["aud", "exp", "sub"]);
    let key = DecodingKey::from_ed_der(public);
    let claims = decode::<Claims>(ticket, &key, &validation);
    let claims = claims.map_err(|error| match error.kind() {
        ErrorKind::InvalidSignature | ErrorKind::InvalidEddsaKey => TicketError::Signature,
        ErrorKind::InvalidAudience => TicketError::AnotherServer,
        _ => TicketError::Malformed,
    })?;
    let claims = claims.claims;
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    if now.saturating_add(BEHIND) < claims.issued_at {
        let early = claims.issued_at - now;
        return Err(TicketError::Clock(format!("was issued {early} s from now")));
    }
    if now >= claims.expires_at.saturating_add(AHEAD) {
        let late = now - claims.expires_at;
        return Err(TicketError::Clock(format!("ran out {late} s ago")));
    }
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use protocol::PlayerId;

    use super::*;
    use crate::{
        ids::{MatchId, Nonce},
        tickets::signer::Signer,
    };

    const ISSUED: u64 = 1_790_000_000;

    fn server() -> ServerId {
        "gs-0123456789".parse().unwrap()
    }

    fn claims() -> Claims {
        Claims {
            player: PlayerId::random(),
            name: "Ada".to_owned(),
            id: MatchId::random(),
            seat: Some(3),
            server: server(),
            nonce: Nonce::random(),
            issued_at: ISSUED,
            expires_at: ISSUED + 15,
        }
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_ticket_says_what_was_signed_and_by_whom() {
        let signer = Signer::generate().unwrap();
        for seat in [Some(0), None] {
            let claims = Claims { seat, ..claims() };
            let ticket = signer.sign(&claims).unwrap();
            assert_eq!(kid_of(&ticket).unwrap(), signer.kid());
            let read = verify(&ticket, &signer.public(), &server(), at(ISSUED));
            assert_eq!(read, Ok(claims));
            assert!(ticket.len() < 1024, "{}", ticket.len());
        }
        let ticket = signer.sign(&claims()).unwrap();
        let other = Signer::generate().unwrap();
        assert_ne!(other.kid(), signer.kid());
        let told = verify(&ticket, &other.public(), &server(), at(ISSUED));
        assert_eq!(told, Err(TicketError::Signature));
        let elsewhere = "gs-zzzzzzzzzz".parse().unwrap();
        let told = verify(&ticket, &signer.public(), &elsewhere, at(ISSUED));
        assert_eq!(told, Err(TicketError::AnotherServer));
    }

    #[test]
    fn clocks_may_differ_by_five_seconds_and_else_the_sentence_names_them() {
        let signer = Signer::generate().unwrap();
        let ticket = signer.sign(&claims()).unwrap();
        let verify_at = |now| verify(&ticket, &signer.public(), &server(), at(now));
        for now in [ISSUED - 10, ISSUED - 5, ISSUED, ISSUED + 19] {
            assert!(verify_at(now).is_ok(), "{now}");
        }
        let early = verify_at(ISSUED - 20).unwrap_err().to_string();
        assert!(
            early.contains("by this server's clock this ticket was issued 20 s from now"),
            "{early}"
        );
        let late = verify_at(ISSUED + 35).unwrap_err().to_string();
        assert!(late.contains("ran out 20 s ago"), "{late}");
        // Nor does a number as large as there is break anything.
        let far = Claims {
            expires_at: u64::MAX,
            issued_at: u64::MAX,
            ..claims()
        };
        let far = signer.sign(&far).unwrap();
        assert!(verify(&far, &signer.public(), &server(), at(ISSUED)).is_err());
    }

    #[test]
    fn whatever_is_changed_of_a_ticket_it_is_none() {
        let signer = Signer::generate().unwrap();
        let ticket = signer.sign(&claims()).unwrap();
        for place in (0..ticket.len()).step_by(5) {
            for with in ["", "A", "b", ".", "ü"] {
                let mut changed = ticket.clone();
                changed.replace_range(place..=place, with);
                let told = verify(&changed, &signer.public(), &server(), at(ISSUED));
                assert!(changed == ticket || told.is_err(), "{changed}");
                // It may not panic, either.
                let _ = kid_of(&changed);
            }
        }
        let (signed, _) = ticket.rsplit_once('.').unwrap();
        let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
        let (_, said) = signed.split_once('.').unwrap();
        for forged in [
            "",
            "..",
            signed,
            &format!("{signed}."),
            &format!("{none}.{said}."),
        ] {
            let told = verify(forged, &signer.public(), &server(), at(ISSUED));
            assert!(told.is_err(), "{forged}");
        }
        // A key for which anything is a good signature is no key.
        assert!(verify(&ticket, &[0; 32], &server(), at(ISSUED)).is_err());
    }
}
