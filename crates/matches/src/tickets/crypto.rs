//! The cryptography of tickets: Ed25519, and nothing else.
//!
//! The library that reads and writes JWTs leaves this to others. Of the two that it has a switch for, one needs a compiler for C, and
//! the other brings RSA along, which has a known weakness and is of no use here.

use ed25519_dalek::{Signature, SignatureError, SigningKey, VerifyingKey};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result},
};

static ED25519: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Has the library use this. Whoever comes second finds it done.
pub(super) fn install() {
    let _ = ED25519.install_default();
}

struct Signer(SigningKey);

struct Verifier(VerifyingKey);

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    let secret = key.as_bytes().try_into();
    match (algorithm, secret) {
        (Algorithm::EdDSA, Ok(secret)) => Ok(Box::new(Signer(SigningKey::from_bytes(secret)))),
        _ => Err(ErrorKind::InvalidEddsaKey.into()),
    }
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    let public = key.try_get_as_bytes()?.try_into();
    let public = public
        .ok()
        .and_then(|public| VerifyingKey::from_bytes(public).ok());
    match (algorithm, public) {
        (Algorithm::EdDSA, Some(public)) => Ok(Box::new(Verifier(public))),
        _ => Err(ErrorKind::InvalidEddsaKey.into()),
    }
}

impl ed25519_dalek::Signer<Vec<u8>> for Signer {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, SignatureError> {
        let signature: Signature = self.0.try_sign(message)?;
        Ok(signature.to_vec())
    }
}

impl JwtSigner for Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

impl ed25519_dalek::Verifier<Vec<u8>> for Verifier {
    fn verify(
        &self,
        message: &[u8],
        signature: &Vec<u8>,
    ) -> std::result::Result<(), SignatureError> {
        // The strict way refuses keys for which anything is a good signature.
        self.0
            .verify_strict(message, &Signature::from_slice(signature)?)
    }
}

impl JwtVerifier for Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}
