//! How it is seen that a server is ready.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A question that a server which is ready answers in a certain way.
#[derive(Debug)]
pub enum Ready {
    /// A GET that is answered with a status of 2xx and a body that is accepted.
    Http {
        /// The host that is asked for, if it is not the address itself.
        host: Option<&'static str>,
        /// The path.
        path: &'static str,
        /// Whether this body is the one of a server that is ready.
        accepts: fn(&str) -> bool,
    },
    /// Lines over TCP, of which one of the answers is this line. The last request must end the connection.
    Lines {
        /// What is sent.
        requests: String,
        /// What comes back.
        answer: &'static str,
    },
}

impl Ready {
    /// Asks once. Gives what came instead, or why nothing came.
    pub(crate) async fn ask(&self, http: &reqwest::Client, address: &str) -> Result<(), String> {
        match self {
            Ready::Http {
                host,
                path,
                accepts,
            } => {
                let mut request = http.get(format!("http://{address}{path}"));
                if let Some(host) = host {
                    request = request.header("host", *host);
                }
                let answer = request.send().await.map_err(|error| error.to_string())?;
                let status = answer.status();
                let body = answer.text().await.map_err(|error| error.to_string())?;
                if status.is_success() && accepts(&body) {
                    Ok(())
                } else {
                    Err(format!("{path} answers {status}: {body:.200}"))
                }
            }
            Ready::Lines { requests, answer } => {
                let lines = exchange(address, requests).await;
                let lines = lines.map_err(|error| error.to_string())?;
                if lines.lines().any(|line| line == *answer) {
                    Ok(())
                } else {
                    Err(lines)
                }
            }
        }
    }
}

/// Sends text over a connection of its own, and gives all that comes back until the other side closes it.
pub(crate) async fn exchange(address: &str, text: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(text.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}
