//! The problem that this lesson leaves: a page of one answer, and nothing that could ask for a second.

use anyhow::ensure;
use stack::Stack;

#[tokio::test]
async fn there_is_no_client() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let page = stack.get("webserver.localhost", "/").await?;
    ensure!(page.status() == 200);
    let page = page.text().await?;
    ensure!(!page.contains("<script"), "the page runs a client: {page}");
    let url = format!("http://{}/api/login", stack.address());
    let login = stack.client().post(url).header("host", "webserver.localhost");
    let status = login.send().await?.status();
    ensure!(status == 404, "a login answered {status}");
    Ok(())
}
