//! The client with which everything here asks over HTTP.

use std::time::Duration;

/// An HTTP client that goes to this machine, whatever proxy its environment names, and waits for an answer for `patience`.
///
/// # Errors
/// When the system lets none be made.
#[expect(
    clippy::disallowed_methods,
    reason = "everybody else shall use this one"
)]
pub fn http_client(patience: Duration) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .timeout(patience)
        .no_proxy()
        .build()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use tokio::{
        io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
        net::TcpListener,
    };

    use super::*;

    /// Every variable by which a proxy can be named.
    const VARIABLES: [&str; 6] = [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ];

    /// A process cannot change its own environment safely, so this test starts itself once more with another one.
    #[tokio::test]
    async fn no_proxy_of_the_environment_is_asked() {
        let dead = "http://127.0.0.1:9";
        if std::env::var(VARIABLES[0]).as_deref() != Ok(dead) {
            let itself = std::env::current_exe().unwrap();
            let mut again = Command::new(itself);
            again.args([
                "--exact",
                "http_client::tests::no_proxy_of_the_environment_is_asked",
            ]);
            again.envs(VARIABLES.map(|name| (name, dead)));
            again.env_remove("NO_PROXY").env_remove("no_proxy");
            let output = again.output().unwrap();
            assert!(output.status.success(), "{output:?}");
            return;
        }
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", server.local_addr().unwrap());
        let answer = tokio::spawn(async move {
            let (mut client, _) = server.accept().await.unwrap();
            // All of the request is read first: an answer to nothing would be no answer.
            let mut lines = BufReader::new(&mut client).lines();
            while lines
                .next_line()
                .await
                .unwrap()
                .is_some_and(|line| !line.is_empty())
            {}
            let answer = b"HTTP/1.1 204 No Content\r\n\r\n";
            client.write_all(answer).await.unwrap();
        });
        let asked = http_client(Duration::from_secs(10))
            .unwrap()
            .get(url)
            .send();
        assert_eq!(asked.await.unwrap().status(), 204);
        answer.await.unwrap();
    }
}
