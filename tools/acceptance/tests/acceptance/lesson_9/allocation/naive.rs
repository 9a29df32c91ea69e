//! The obvious way to give out seats: read which are free, choose, write. Between these, others do the same.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};
use protocol::PlayerId;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream},
    net::TcpStream,
};

const SEATS: usize = 8;

/// A client of Redis that knows what is needed here.
pub struct Naive(BufStream<TcpStream>);

impl Naive {
    pub async fn connect(address: &str, password: &str) -> anyhow::Result<Naive> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let mut naive = Naive(BufStream::new(stream));
        naive.ask(&format!("AUTH {password}")).await?;
        Ok(naive)
    }

    /// Seats of the first match that has enough of them: its number, and that of the seat.
    pub async fn allocate(&mut self, group: &[PlayerId]) -> anyhow::Result<Vec<(usize, usize)>> {
        for id in 0.. {
            let taken = self.ask(&format!("HKEYS naive:{id}")).await?;
            let taken: BTreeSet<usize> = taken.iter().flat_map(|seat| seat.parse()).collect();
            let free = (0..SEATS).filter(|seat| !taken.contains(seat));
            let free: Vec<usize> = free.take(group.len()).collect();
            if free.len() < group.len() {
                continue;
            }
            for (seat, player) in free.iter().zip(group) {
                self.ask(&format!("HSET naive:{id} {seat} {player}"))
                    .await?;
            }
            return Ok(free.into_iter().map(|seat| (id, seat)).collect());
        }
        Ok(Vec::new())
    }

    /// The words of an answer that is a list, and none of any other.
    async fn ask(&mut self, command: &str) -> anyhow::Result<Vec<String>> {
        self.0
            .write_all(format!("{command}\r\n").as_bytes())
            .await?;
        self.0.flush().await?;
        let head = self.line().await?;
        ensure!(!head.starts_with('-'), "Redis refuses {command}: {head}");
        let mut words = Vec::new();
        let Some(count) = head.strip_prefix('*') else {
            return Ok(words);
        };
        for _ in 0..count.parse()? {
            let length = self.line().await?;
            let length = length.strip_prefix('$').context("this is no text")?;
            let mut word = vec![0; length.parse::<usize>()? + 2];
            self.0.read_exact(&mut word).await?;
            words.push(String::from_utf8(word)?.trim_end().to_owned());
        }
        Ok(words)
    }

    async fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        self.0.read_line(&mut line).await?;
        Ok(line.trim_end().to_owned())
    }
}
