//! A way from one address of this machine to another, which can be cut as the cable of a network can.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use tokio::{
    io::copy_bidirectional,
    net::TcpStream,
    sync::watch,
    task::{AbortHandle, JoinSet},
    time::sleep,
};

/// A cable. It carries connections until it is dropped.
#[derive(Debug)]
pub struct Cable {
    cut: watch::Sender<bool>,
    carrying: AbortHandle,
}

impl Cable {
    /// Lays a cable from `from` to `to`, and gives it with the address from which it leads. Must be called within a tokio
    /// runtime.
    ///
    /// # Errors
    /// When `from` is taken.
    pub fn lay(from: SocketAddr, to: SocketAddr) -> io::Result<(Cable, SocketAddr)> {
        let listener = TcpListener::bind(from)?;
        listener.set_nonblocking(true)?;
        let from = listener.local_addr()?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let (cut, is_cut) = watch::channel(false);
        let carrying = tokio::spawn(carry(listener, to, is_cut)).abort_handle();
        Ok((Cable { cut, carrying }, from))
    }

    /// Cuts it. Nothing is refused and nothing closed: there is only silence, as in a network that has come apart.
    pub fn cut(&self) {
        self.cut.send_replace(true);
    }

    /// Mends it. What was connected when it was cut, or tried to connect meanwhile, is lost.
    pub fn mend(&self) {
        self.cut.send_replace(false);
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.carrying.abort();
    }
}

async fn carry(listener: tokio::net::TcpListener, to: SocketAddr, is_cut: watch::Receiver<bool>) {
    /// After an error that is not one connection's, such as too many open files.
    const PAUSE: Duration = Duration::from_millis(10);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((near, _)) => drop(connections.spawn(connection(near, to, is_cut.clone()))),
                Err(_) => sleep(PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Carries one connection to its end, or until the cable is cut and mended.
async fn connection(mut near: TcpStream, to: SocketAddr, mut is_cut: watch::Receiver<bool>) {
    let carried = async {
        let mut far = TcpStream::connect(to).await?;
        near.set_nodelay(true)?;
        far.set_nodelay(true)?;
        copy_bidirectional(&mut near, &mut far).await
    };
    tokio::select! {
        biased;
        _ = is_cut.wait_for(|is_cut| *is_cut) => {}
        _ = carried => return,
    }
    // Held, and not closed: an end would be an answer.
    let _ = is_cut.wait_for(|is_cut| !is_cut).await;
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        time::timeout,
    };

    use super::*;

    const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

    /// What comes back for a letter that is sent: the same, if somebody is there.
    async fn echo(stream: &mut TcpStream) -> io::Result<u8> {
        stream.write_u8(b'a').await?;
        stream.read_u8().await
    }

    #[tokio::test]
    async fn a_cable_that_is_cut_says_nothing_and_one_that_is_mended_carries_again() {
        let echoing = tokio::net::TcpListener::bind(ANY).await.unwrap();
        let to = echoing.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = echoing.accept().await {
                tokio::spawn(async move {
                    let (mut read, mut write) = stream.split();
                    tokio::io::copy(&mut read, &mut write).await
                });
            }
        });
        let (cable, from) = Cable::lay(ANY, to).unwrap();
        let mut before = TcpStream::connect(from).await.unwrap();
        assert_eq!(echo(&mut before).await.unwrap(), b'a');
        cable.cut();
        let mut meanwhile = TcpStream::connect(from).await.unwrap();
        for stream in [&mut before, &mut meanwhile] {
            let silence = timeout(Duration::from_millis(50), echo(stream)).await;
            assert!(silence.is_err(), "{silence:?}");
        }
        cable.mend();
        for stream in [&mut before, &mut meanwhile] {
            assert!(stream.read_u8().await.is_err());
        }
        let mut after = TcpStream::connect(from).await.unwrap();
        assert_eq!(echo(&mut after).await.unwrap(), b'a');
    }
}
