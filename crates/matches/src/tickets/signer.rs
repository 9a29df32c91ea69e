//! How a web server signs tickets.

use anyhow::Context;
use ed25519_dalek::SigningKey;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};

use super::{claims::Claims, crypto};

/// The key of one web server. It is new with each start, and nobody else ever has it.
pub struct Signer {
    kid: String,
    public: [u8; 32],
    key: EncodingKey,
}

impl Signer {
    /// One with a new key.
    ///
    /// # Errors
    /// When something else does the cryptography of this process already.
    pub fn generate() -> anyhow::Result<Signer> {
        crypto::install();
        let secret = rand::random::<[u8; 32]>();
        let key = SigningKey::from_bytes(&secret);
        Ok(Signer {
            kid: format!("{:016x}", rand::random::<u64>()),
            public: key.verifying_key().to_bytes(),
            key: EncodingKey::from_ed_der(&secret),
        })
    }

    /// The name of the key. Each ticket says it.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The half of the key that everybody may know.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.public
    }

    /// Makes a ticket.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn sign(&self, claims: &Claims) -> anyhow::Result<String> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.kid.clone());
        encode(&header, claims, &self.key).context("cannot sign a ticket")
    }
}
