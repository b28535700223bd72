use super::has_target;

#[test]
fn the_target_is_a_whole_line_of_rustups_list() {
    assert!(has_target("wasm32-wasip2\nx86_64-unknown-linux-gnu\n"));
    assert!(!has_target("wasm32-wasip2-threads\nx86_64-unknown-linux-gnu\n"));
    assert!(!has_target(""));
}
