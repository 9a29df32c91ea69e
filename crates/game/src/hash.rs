//! A hash that every machine and every language computes alike.

/// FNV-1a with 32 bits, over the four bytes of each number, lowest first.
pub(crate) struct Hash(u32);

impl Default for Hash {
    fn default() -> Hash {
        Hash(0x811C_9DC5)
    }
}

impl Hash {
    pub(crate) fn add(&mut self, number: i32) {
        for byte in number.to_le_bytes() {
            self.0 = (self.0 ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }

    pub(crate) fn number(&self) -> u32 {
        self.0
    }
}
