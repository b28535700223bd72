//! A server, and the commands that talk to it.

use std::process::Stdio;

use crate::command::Folder;
use crate::server::Server;

const GREET: &str = r#"{"StartAt":"Greet","QueryLanguage":"JSONata","States":{
  "Greet":{"Type":"Pass","Output":"{% 'Hello ' & $states.input.name %}","Next":"Done"},
  "Done":{"Type":"Succeed"}}}"#;
const FAIL: &str =
    r#"{"StartAt":"No","States":{"No":{"Type":"Fail","Error":"Never","Cause":"as I said"}}}"#;
const WAIT: &str =
    r#"{"StartAt":"Doze","States":{"Doze":{"Type":"Wait","Seconds":600,"End":true}}}"#;
const SLOW: &str = r#"{"StartAt":"Doze","TimeoutSeconds":1,"States":{
  "Doze":{"Type":"Wait","Seconds":600,"End":true}}}"#;
const REVIEW: &str = r#"{"StartAt":"Ask","States":{"Ask":{"Type":"Task","End":true,
  "Resource":"arn:aws:states:us-east-1:000000000000:activity:review"}}}"#;

fn folder() -> Folder {
    Folder::with(&[
        ("greet.asl.json", GREET),
        ("fail.asl.json", FAIL),
        ("wait.asl.json", WAIT),
        ("slow.asl.json", SLOW),
        ("review.asl.json", REVIEW),
    ])
}

#[test]
fn a_machine_is_deployed_started_and_looked_at() {
    let folder = folder();
    let server = Server::start(&folder, &["serve"]);
    assert!(server.greeting.contains("there are no access keys"), "{}", server.greeting);
    assert_eq!(server.good("deploy greet.asl.json fail.asl.json"), "created greet\ncreated fail\n");
    assert_eq!(server.good("deploy greet.asl.json"), "unchanged greet\n");
    let tree = "  ok       Greet  Pass T\n  ok       Done   Succeed T\nsucceeded in T\n";
    let started = server.run(r#"start greet --input {"name":"Ada"} --name one --wait"#);
    started.is(0, "\"Hello Ada\"\n", tree);
    let followed = server.run("exec follow one");
    followed.is(0, "\"Hello Ada\"\n", &format!("-> Greet\n-> Done\n{tree}"));
    let shown = server.good("exec show one");
    for part in ["name     one\n", "machine  greet\n", "status   SUCCEEDED\n", "  ok       Done "] {
        assert!(shown.contains(part), "{part:?} in {shown}");
    }
    let failed = server.run("start fail --follow --name two");
    assert_eq!((failed.code, &*failed.stdout), (Some(1), ""), "{}", failed.stderr);
    assert!(failed.stderr.contains("Never: as I said"), "{}", failed.stderr);
    let listed = server.good("exec list");
    let names: Vec<_> = listed.lines().map(|line| line.rsplit(' ').next().unwrap()).collect();
    assert_eq!(names, ["fail:two", "greet:one"]);
    assert!(server.good("exec list greet -o json").starts_with("{\"executions\":[\n{\""));
    assert!(server.good("exec history greet:one").contains("PassStateExited"));
    assert!(server.good("machine show greet").ends_with(&format!("\n{GREET}\n")));
}

#[test]
fn an_update_is_live_and_versions_stay() {
    let folder = folder();
    let server = Server::start(&folder, &["serve"]);
    server.good("deploy greet.asl.json --publish");
    std::fs::write(folder.path().join("greet.asl.json"), FAIL).unwrap();
    assert_eq!(server.good("deploy greet.asl.json"), "updated greet\n");
    assert_eq!(server.run("start greet --wait -q").code, Some(1));
    server.good("machine alias set greet:prod 1");
    let started = server.run(r#"start greet:prod --input {"name":"Bo"} --wait -q"#);
    started.is(0, "\"Hello Bo\"\n", "");
    assert_eq!(server.good("machine publish greet"), "greet:2\n");
    server.good("machine alias set greet:prod 1=90 2=10");
    assert!(server.good("machine aliases greet").starts_with("greet:prod  1=90 2=10  "));
    let refused = server.run("machine delete greet:1");
    assert_eq!(refused.code, Some(2), "{refused:?}");
    server.good("machine delete greet:prod");
    server.good("machine delete greet:1");
    assert!(server.good("machine versions greet").starts_with("greet:2  "));
}

#[test]
fn how_an_execution_ends_is_the_exit_code() {
    let folder = folder();
    let server = Server::start(&folder, &["serve"]);
    server.good("deploy wait.asl.json slow.asl.json");
    assert_eq!(server.run("start slow --wait").code, Some(3));
    server.good("start wait --name one");
    assert!(server.good("exec show one").contains("  running  Doze  Wait"));
    server.good("exec stop one --error Enough --cause later");
    let followed = server.run("exec follow one");
    assert_eq!((followed.code, &*followed.stdout), (Some(4), ""));
    assert!(followed.stderr.contains("Enough: later"), "{}", followed.stderr);
    server.good("exec redrive one");
    assert!(server.good("exec list wait --status running").contains("wait:one"));
}

#[test]
fn express_executions_are_run_in_one_call() {
    let folder = folder();
    let server = Server::start(&folder, &["serve"]);
    server.good("deploy greet.asl.json fail.asl.json --type express");
    let ran = server.run(r#"start greet --sync --input {"name":"Cy"}"#);
    ran.is(0, "\"Hello Cy\"\n", "");
    server.run("start fail --sync").is(1, "", "error: FAILED: Never: as I said\n");
    server.good("machine delete fail");
    server.run("exec list").is(0, "", "no executions\n");
    let unawaited = server.run("start greet --wait");
    assert_eq!(unawaited.code, Some(0), "{unawaited:?}");
    assert!(unawaited.stdout.contains(":express:greet:"), "{unawaited:?}");
    assert!(unawaited.stderr.contains("--sync runs one in one call"), "{unawaited:?}");
    let other = server.run("deploy greet.asl.json --type standard");
    assert_eq!(other.code, Some(2));
    assert!(other.stderr.contains("machine `greet` is EXPRESS, which stays as it is"), "{other:?}");
}

#[test]
fn a_name_that_several_machines_have_is_not_enough() {
    let folder = folder();
    let server = Server::start(&folder, &["serve"]);
    server.good("deploy greet.asl.json fail.asl.json");
    server.good(r#"start greet --name same --wait -q --input {"name":"x"}"#);
    server.good("start fail --name same");
    let shown = server.run("exec show same");
    shown.is(
        2,
        "",
        "error: several machines have an execution `same`
  hint: name one as fail:same or greet:same
",
    );
    server.run("exec show other").is(
        2,
        "",
        "error: no machine has an execution `other`
  hint: `stepwell exec list` shows what is there
",
    );
}

#[test]
fn work_of_an_activity_is_done_by_a_command() {
    let folder = folder();
    let server = Server::start(&folder, &["serve"]);
    server.good("activity create review");
    server.good("deploy review.asl.json");
    let words = ["activity", "poll", "review", "--exec", "test $(cat) = 7 && echo '\"seven\"'"];
    let mut worker = server.command(&words);
    let mut worker = worker.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let seven = server.run("start review --input 7 --wait -q");
    let other = server.run("start review --input 8 --wait -q");
    worker.kill().unwrap();
    worker.wait().unwrap();
    seven.is(0, "\"seven\"\n", "");
    assert_eq!(other.code, Some(1));
    assert!(other.stderr.starts_with("error: FAILED: Worker.Failed: exit status: 1"), "{other:?}");
}

#[test]
fn a_token_is_answered_by_hand() {
    let folder = folder();
    let server = Server::start(&folder, &["serve"]);
    server.good("activity create review");
    server.good("deploy review.asl.json");
    for (answer, code, output) in
        [("success TOKEN {\"ok\":true}", 0, "{\"ok\":true}\n"), ("failure TOKEN --error No", 1, "")]
    {
        let execution = server.good("start review").trim().to_owned();
        let work = server.good("activity poll review");
        let token = work.lines().next().unwrap();
        server.good(&format!("task heartbeat {token}"));
        server.good(&format!("task {}", answer.replace("TOKEN", token)));
        let followed = server.run(&format!("exec follow {execution} -q"));
        assert_eq!((followed.code, &*followed.stdout), (Some(code), output), "{followed:?}");
    }
    let late = server.run("task heartbeat nonsense");
    assert_eq!(late.code, Some(2));
}

#[test]
#[cfg(unix)]
fn a_server_ends_in_order_and_goes_on_from_its_store() {
    let folder = folder();
    let mut server = Server::start(&folder, &["serve"]);
    assert!(server.greeting.contains("executions are kept in stepwell.db"), "{}", server.greeting);
    server.good("deploy wait.asl.json");
    server.good("start wait --name one");
    assert_eq!(server.terminate(), Some(0));
    assert!(server.next_line().starts_with("SIGTERM: no more calls are taken"));
    assert_eq!(server.next_line(), "everything that was decided is kept\n");
    let server = Server::start(&folder, &["serve"]);
    assert!(server.good("exec show one").contains("status   RUNNING\n"));
}

#[test]
#[cfg(unix)]
fn what_lives_in_memory_is_said_to_be_lost() {
    let folder = Folder::with(&[
        ("greet.asl.json", GREET),
        ("stepwell.toml", "[store]\nfile = \":memory:\"\n"),
    ]);
    let lost = "executions are kept in memory, and lost at the end";
    let of_file: &[&str] = &["serve"];
    for words in [of_file, &["serve", "--store", ":memory:"], &["dev", "."]] {
        let mut server = Server::start(&folder, words);
        assert!(server.greeting.contains(lost), "{words:?}: {}", server.greeting);
        assert_eq!(server.terminate(), Some(0));
    }
    assert!(!folder.path().join("stepwell.db").exists());
}

#[test]
fn keys_say_who_may_do_what() {
    let folder = Folder::with(&[
        ("greet.asl.json", GREET),
        ("secret.txt", "open sesame\n"),
        (
            "stepwell.toml",
            r#"[server]
address = "127.0.0.1:0"
[[access.keys]]
id = "AKIDREADER"
secret-file = "secret.txt"
policy = { Version = "2012-10-17", Statement = [
  { Effect = "Allow", Action = "states:List*", Resource = "*" },
] }
"#,
        ),
    ]);
    let server = Server::of(&folder, folder.command(&["serve"]));
    assert!(server.greeting.contains("; there is one access key\n"), "{}", server.greeting);
    let with = |secret: &str, words: &[&str]| {
        let mut command = server.command(words);
        command.env("AWS_ACCESS_KEY_ID", "AKIDREADER").env("AWS_SECRET_ACCESS_KEY", secret);
        crate::command::Ran::of(command.output().unwrap())
    };
    let list = ["machine", "list"];
    with("open sesame", &list).is(0, "", "no machines: `stepwell deploy FILE` makes one\n");
    let wrong = with("open says me", &list);
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
    assert!(wrong.stderr.contains("the server knows its keys by"), "{wrong:?}");
    let unsigned = server.run("machine list");
    assert!(unsigned.stderr.contains("set AWS_ACCESS_KEY_ID"), "{unsigned:?}");
    let denied = with("open sesame", &["deploy", "greet.asl.json"]);
    assert_eq!(denied.code, Some(2), "{denied:?}");
    assert!(denied.stderr.contains("the key's policy does not allow it"), "{denied:?}");
}

#[test]
fn whoever_can_be_reached_from_elsewhere_needs_keys() {
    let ran = folder().run("serve --address 0.0.0.0:0");
    let hint = "add [[access.keys]] with `id`, `secret-file` and `policy` to the configuration, \
                or listen on 127.0.0.1";
    ran.is(
        2,
        "",
        &format!(
            "error: 0.0.0.0:0 can be reached from elsewhere, and there are no access keys: \
             everybody could do everything\n  hint: {hint}\n"
        ),
    );
}

#[test]
fn a_server_that_is_not_there_is_told() {
    let ran = folder().run("machine list --endpoint http://127.0.0.1:9");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.starts_with("error: no server answers at http://127.0.0.1:9: "), "{ran:?}");
    assert!(ran.stderr.ends_with("`stepwell serve`, or name another one with --endpoint\n"));
}

#[test]
fn any_operation_may_be_called() {
    let folder = folder();
    let server = Server::start(&folder, &["serve"]);
    let created = server.good(r#"api create-activity {"name":"review"}"#);
    let arn = "arn:aws:states:us-east-1:000000000000:activity:review";
    assert!(created.starts_with(&format!("{{\"activityArn\":\"{arn}\"")), "{created}");
    let refused = server.run("api DescribeActivity {}");
    assert_eq!((refused.code, &*refused.stdout), (Some(2), ""), "{refused:?}");
    let good = server.run("machine validate greet.asl.json");
    assert_eq!(good.code, Some(0), "{good:?}");
}

#[test]
fn the_configuration_is_shown_and_checked() {
    let folder = Folder::with(&[("stepwell.toml", "[store]\nfile = \"s.db\"\n")]);
    let shown = folder.run("config show --retention 90d");
    assert_eq!((shown.code, &*shown.stderr), (Some(0), ""));
    assert!(shown.stdout.contains("file = \"s.db\"  # stepwell.toml:2\n"), "{}", shown.stdout);
    assert!(shown.stdout.contains("retention = \"90d\"  # --retention\n"), "{}", shown.stdout);
    std::fs::write(folder.path().join("stepwell.toml"), "[store]\nflie = \"s.db\"\n").unwrap();
    folder.run("config show").is(
        2,
        "",
        "error: stepwell.toml:2: there is no key `store.flie`; is `store.file` meant?\n",
    );
}

#[test]
fn shells_and_manuals_know_the_commands() {
    let folder = folder();
    let script = folder.run("completions bash");
    assert!(script.code == Some(0) && script.stdout.contains("map-run"), "{}", script.stderr);
    let page = folder.run("man");
    assert!(page.code == Some(0) && page.stdout.contains("stepwell\\-deploy"), "{}", page.stdout);
    assert_eq!(folder.run("man --dir pages").code, Some(0));
    assert!(folder.path().join("pages/stepwell-exec-show.1").is_file());
}

#[test]
fn a_doctor_tells_what_is_missing() {
    let folder = folder();
    let server = Server::start(&folder, &["serve", "--store", "s.db"]);
    let told = server.run("doctor");
    assert_eq!(told.code, Some(0), "{told:?}");
    let answers = format!("ok       server         {} answers\n", server.endpoint);
    for line in ["ok       registry       registry: 0 tasks\n", &answers, "ok       clock"] {
        assert!(told.stdout.contains(line), "{line:?} in {}", told.stdout);
    }
    let mut doctor = server.command(&["doctor"]);
    let in_use = crate::command::Ran::of(doctor.env("STEPWELL_STORE", "s.db").output().unwrap());
    assert!(in_use.stdout.contains("ok       store          s.db: process "), "{in_use:?}");
    std::fs::write(folder.path().join("other.db"), "no store at all, just text").unwrap();
    let mut doctor = server.command(&["doctor"]);
    let foreign = doctor.env("STEPWELL_STORE", "other.db").env("STEPWELL_REGISTRY", "nowhere");
    let foreign = crate::command::Ran::of(foreign.output().unwrap());
    assert_eq!(foreign.code, Some(2));
    for line in ["error    registry ", "error    store          `other.db` is a file of another"] {
        assert!(foreign.stdout.contains(line), "{line:?} in {}", foreign.stdout);
    }
}

#[test]
fn a_folder_is_served_as_it_changes() {
    let folder = Folder::with(&[
        ("flows/greet.asl.json", GREET),
        ("flows/quick.express.asl.json", GREET),
        ("flows/bad/Cargo.toml", "[package]"),
        ("flows/bad/task.toml", ""),
    ]);
    let mut server = Server::start(&folder, &["dev", "flows", "--offline"]);
    let mut said = String::new();
    while !(said.contains("created greet") && said.contains("the tasks stay as they are")) {
        said.push_str(&server.next_line());
    }
    let hello = server.run(r#"start greet --wait -q --input {"name":"Di"}"#);
    hello.is(0, "\"Hello Di\"\n", "");
    let hello = server.run(r#"start quick --sync --input {"name":"Ed"}"#);
    hello.is(0, "\"Hello Ed\"\n", "");
    std::fs::write(folder.path().join("flows/greet.asl.json"), "{}").unwrap();
    while !said.contains("machine greet is not deployed until that is corrected") {
        said.push_str(&server.next_line());
    }
    assert!(said.contains("error: flows/greet.asl.json: "), "{said}");
    assert_eq!(server.run(r#"start greet --wait -q --input {"name":"Fi"}"#).code, Some(0));
    std::fs::write(folder.path().join("flows/greet.asl.json"), FAIL).unwrap();
    while !said.contains("updated greet") {
        said.push_str(&server.next_line());
    }
    assert_eq!(server.run("start greet --wait -q").code, Some(1));
}
