//! What a server of today says more than one of the build before, from which matches come and to which they go while a fleet is rolled.

use protocol::game::ServerFrame;

#[test]
fn a_server_of_an_older_build_counts_no_epochs() {
    let older = r#"{"type":"welcome","server":"gs-1","match_id":"m1","seat":0,"seats":8,"tick_rate":20,"resume":null,"grace_ms":20000,"rules":1}"#;
    let frame = ServerFrame::parse(older).unwrap();
    let ServerFrame::Welcome { epoch, .. } = frame else {
        panic!("{frame:?}")
    };
    assert_eq!(epoch, 0);
}
