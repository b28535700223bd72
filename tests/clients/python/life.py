"""The life of a machine through boto3: everything is asked for as any program would ask.

    python life.py ENDPOINT

The server has a task `echo`, which gives its input back, and no task `nobody`.
"""

import json
import sys
import threading
import uuid

import boto3
from botocore.config import Config

ROLE = "arn:aws:iam::000000000000:role/client"


def client(endpoint):
    # Two operations put `sync-` in front of the host's name unless they are told not to.
    config = Config(inject_host_prefix=False, retries={"max_attempts": 1}, read_timeout=70)
    return boto3.client(
        "stepfunctions",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="none",
        aws_secret_access_key="none",
        config=config,
    )


def name(what):
    return f"{what}-{uuid.uuid4().hex[:8]}"


def machine(first="Echo", **states):
    return json.dumps({"StartAt": first, "States": states})


def task(resource, **more):
    return {"Type": "Task", "Resource": resource, "End": True, **more}


def ended(sfn, execution, statuses=("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")):
    while True:
        found = sfn.describe_execution(executionArn=execution)
        if found["status"] in statuses:
            return found


def create(sfn, definition, kind="STANDARD", **more):
    made = sfn.create_state_machine(
        name=name("machine"), definition=definition, roleArn=ROLE, type=kind, **more
    )
    return made["stateMachineArn"]


def create_start_and_read(sfn):
    arn = create(sfn, machine(Echo=task("echo")), tags=[{"key": "team", "value": "bakery"}])
    described = sfn.describe_state_machine(stateMachineArn=arn)
    assert described["status"] == "ACTIVE" and described["type"] == "STANDARD", described
    started = sfn.start_execution(stateMachineArn=arn, name="one", input='{"a": 1.0}')
    found = ended(sfn, started["executionArn"])
    assert found["output"] == '{"a": 1.0}', found
    assert found["startDate"] == started["startDate"], (found, started)
    pages = sfn.get_paginator("get_execution_history").paginate(
        executionArn=started["executionArn"], PaginationConfig={"PageSize": 2}
    )
    pages = [page["events"] for page in pages]
    events = [event for page in pages for event in page]
    assert [event["id"] for event in events] == [1, 2, 3, 4, 5, 6, 7], events
    assert len(pages) == 4, pages
    assert events[-1]["executionSucceededEventDetails"]["output"] == '{"a": 1.0}'
    listed = sfn.list_executions(stateMachineArn=arn, statusFilter="SUCCEEDED")["executions"]
    assert [item["name"] for item in listed] == ["one"], listed
    used = sfn.describe_state_machine_for_execution(executionArn=started["executionArn"])
    assert used["roleArn"] == ROLE, used
    sfn.tag_resource(resourceArn=arn, tags=[{"key": "oven", "value": "2"}])
    sfn.untag_resource(resourceArn=arn, tagKeys=["team"])
    tags = sfn.list_tags_for_resource(resourceArn=arn)["tags"]
    assert tags == [{"key": "oven", "value": "2"}], tags
    sfn.delete_state_machine(stateMachineArn=arn)
    caught(sfn.exceptions.StateMachineDoesNotExist, sfn.describe_state_machine, stateMachineArn=arn)


def start_and_wait(sfn):
    arn = create(sfn, machine(Echo=task("echo")), "EXPRESS")
    done = sfn.start_sync_execution(stateMachineArn=arn, input="[1]")
    assert (done["status"], done["output"]) == ("SUCCEEDED", "[1]"), done
    assert done["billingDetails"]["billedDurationInMilliseconds"] >= 100, done
    tested = sfn.test_state(
        definition=json.dumps({"Type": "Pass", "Result": 7, "End": True}), roleArn=ROLE
    )
    assert (tested["status"], tested["output"]) == ("SUCCEEDED", "7"), tested
    judged = sfn.validate_state_machine_definition(definition="{}")
    assert judged["result"] == "FAIL" and judged["diagnostics"], judged


def callback(sfn):
    wait = task(
        "arn:aws:states:::lambda:invoke.waitForTaskToken",
        Parameters={"FunctionName": "echo", "Payload": {"token.$": "$$.Task.Token"}},
    )
    arn = create(sfn, machine("Wait", Wait=wait))
    execution = sfn.start_execution(stateMachineArn=arn)["executionArn"]
    token = None
    while token is None:
        events = sfn.get_execution_history(executionArn=execution)["events"]
        if any(event["type"] == "TaskSubmitted" for event in events):
            scheduled = next(event for event in events if event["type"] == "TaskScheduled")
            parameters = json.loads(scheduled["taskScheduledEventDetails"]["parameters"])
            token = parameters["Payload"]["token"]
    sfn.send_task_heartbeat(taskToken=token)
    sfn.send_task_success(taskToken=token, output='"called back"')
    assert ended(sfn, execution)["output"] == '"called back"'
    caught(sfn.exceptions.TaskTimedOut, sfn.send_task_failure, taskToken=token, error="Late")


def activity(sfn):
    arn = sfn.create_activity(name=name("activity"))["activityArn"]
    assert sfn.describe_activity(activityArn=arn)["activityArn"] == arn
    work = create(sfn, machine("Work", Work=task(arn)))
    taken = []
    asks = lambda: taken.append(sfn.get_activity_task(activityArn=arn, workerName="w"))
    worker = threading.Thread(target=asks)
    worker.start()
    execution = sfn.start_execution(stateMachineArn=work, input="5")["executionArn"]
    worker.join()
    assert taken[0]["input"] == "5", taken
    sfn.send_task_failure(taskToken=taken[0]["taskToken"], error="Oven.Cold", cause="no gas")
    found = ended(sfn, execution)
    assert (found["status"], found["error"], found["cause"]) == ("FAILED", "Oven.Cold", "no gas")
    sfn.delete_activity(activityArn=arn)
    caught(sfn.exceptions.ActivityDoesNotExist, sfn.describe_activity, activityArn=arn)


def versions(sfn):
    arn = create(sfn, machine("P", P={"Type": "Pass", "Result": 1, "End": True}))
    first = sfn.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    changed = machine("P", P={"Type": "Pass", "Result": 2, "End": True})
    second = sfn.update_state_machine(stateMachineArn=arn, definition=changed, publish=True)
    second = second["stateMachineVersionArn"]
    assert (first, second) == (f"{arn}:1", f"{arn}:2")
    route = [{"stateMachineVersionArn": first, "weight": 100}]
    alias = sfn.create_state_machine_alias(name="PROD", routingConfiguration=route)
    alias = alias["stateMachineAliasArn"]
    execution = sfn.start_execution(stateMachineArn=alias)["executionArn"]
    found = ended(sfn, execution)
    assert (found["output"], found["stateMachineVersionArn"]) == ("1", first), found
    assert found["stateMachineAliasArn"] == alias, found
    route = [{"stateMachineVersionArn": second, "weight": 100}]
    sfn.update_state_machine_alias(stateMachineAliasArn=alias, routingConfiguration=route)
    execution = sfn.start_execution(stateMachineArn=alias)["executionArn"]
    assert ended(sfn, execution)["output"] == "2"
    for of, count in [(first, 1), (second, 1), (alias, 2), (arn, 2)]:
        listed = sfn.list_executions(stateMachineArn=of)["executions"]
        assert len(listed) == count, (of, listed)
    in_use = {"stateMachineVersionArn": second}
    caught(sfn.exceptions.ConflictException, sfn.delete_state_machine_version, **in_use)
    listed = sfn.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
    assert [item["stateMachineVersionArn"] for item in listed] == [second, first], listed
    listed = sfn.list_state_machine_aliases(stateMachineArn=arn)["stateMachineAliases"]
    assert [item["stateMachineAliasArn"] for item in listed] == [alias], listed
    sfn.delete_state_machine_alias(stateMachineAliasArn=alias)
    missing = {"stateMachineAliasArn": alias}
    caught(sfn.exceptions.ResourceNotFound, sfn.describe_state_machine_alias, **missing)
    sfn.delete_state_machine(stateMachineArn=arn)


def redrive(sfn):
    arn = create(sfn, machine("Pass", Pass={"Type": "Pass", "Next": "Fail"}, Fail=task("nobody")))
    execution = sfn.start_execution(stateMachineArn=arn)["executionArn"]
    found = ended(sfn, execution)
    assert (found["status"], found["redriveStatus"]) == ("FAILED", "REDRIVABLE"), found
    sfn.redrive_execution(executionArn=execution)
    while True:
        found = ended(sfn, execution)
        if found["redriveCount"] == 1:
            break
    events = sfn.get_execution_history(executionArn=execution)["events"]
    assert "ExecutionRedriven" in [event["type"] for event in events], events
    good = create(sfn, machine(Echo=task("echo")))
    good = sfn.start_execution(stateMachineArn=good)["executionArn"]
    ended(sfn, good)
    caught(sfn.exceptions.ExecutionNotRedrivable, sfn.redrive_execution, executionArn=good)


def map_run(sfn):
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Echo",
        "States": {"Echo": task("echo")},
    }
    many = {"Type": "Map", "ItemProcessor": processor, "Label": "Items", "End": True}
    arn = create(sfn, machine("Many", Many=many))
    execution = sfn.start_execution(stateMachineArn=arn, input="[1, 2, 3]")["executionArn"]
    assert ended(sfn, execution)["output"] == "[1,2,3]"
    runs = sfn.list_map_runs(executionArn=execution)["mapRuns"]
    assert len(runs) == 1, runs
    run = runs[0]["mapRunArn"]
    described = sfn.describe_map_run(mapRunArn=run)
    assert described["itemCounts"]["succeeded"] == 3, described
    assert described["status"] == "SUCCEEDED", described
    children = sfn.list_executions(mapRunArn=run)["executions"]
    assert len(children) == 3, children
    child = sfn.describe_execution(executionArn=children[0]["executionArn"])
    assert child["mapRunArn"] == run, child
    completed = {"mapRunArn": run, "maxConcurrency": 2}
    caught(sfn.exceptions.ValidationException, sfn.update_map_run, **completed)


def stop(sfn):
    wait = {"Type": "Wait", "Seconds": 86400, "End": True}
    arn = create(sfn, machine("Wait", Wait=wait))
    execution = sfn.start_execution(stateMachineArn=arn)["executionArn"]
    sfn.stop_execution(executionArn=execution, error="Enough", cause="it is late")
    found = sfn.describe_execution(executionArn=execution)
    assert (found["status"], found["error"], found["cause"]) == ("ABORTED", "Enough", "it is late")


def errors(sfn):
    is_missing = "arn:aws:states:us-east-1:000000000000:{}"
    no_machine = is_missing.format("stateMachine:nobody")
    no_execution = is_missing.format("execution:nobody:nothing")
    no_activity = is_missing.format("activity:nobody")
    no_run = is_missing.format("mapRun:nobody/Items:1")
    raised = sfn.exceptions
    standard = create(sfn, machine(Echo=task("echo")))
    express = create(sfn, machine(Echo=task("echo")), "EXPRESS")
    taken = sfn.describe_state_machine(stateMachineArn=standard)["name"]
    other = machine("P", P={"Type": "Succeed"})
    new = {"definition": other, "roleArn": ROLE}
    started = {"stateMachineArn": standard, "name": "once", "input": "1"}
    ended(sfn, sfn.start_execution(**started)["executionArn"])
    logs = {"level": "ALL", "destinations": []}
    routes = [{"stateMachineVersionArn": f"{standard}:9", "weight": 100}]
    tags = [{"key": f"k{number}", "value": "v"} for number in range(51)]
    table = [
        (raised.InvalidArn, sfn.describe_execution, {"executionArn": "bread"}),
        (raised.InvalidName, sfn.create_activity, {"name": "a b"}),
        (raised.InvalidDefinition, sfn.create_state_machine, {"name": "x", **new, "definition": "{}"}),
        (raised.InvalidLoggingConfiguration, sfn.create_state_machine,
         {"name": name("x"), **new, "loggingConfiguration": logs}),
        (raised.StateMachineAlreadyExists, sfn.create_state_machine, {"name": taken, **new}),
        (raised.StateMachineDoesNotExist, sfn.start_execution, {"stateMachineArn": no_machine}),
        (raised.StateMachineTypeNotSupported, sfn.start_sync_execution, {"stateMachineArn": standard}),
        (raised.StateMachineTypeNotSupported, sfn.list_executions, {"stateMachineArn": express}),
        (raised.MissingRequiredParameter, sfn.update_state_machine, {"stateMachineArn": standard}),
        (raised.ExecutionAlreadyExists, sfn.start_execution, {**started, "input": "2"}),
        (raised.ExecutionDoesNotExist, sfn.describe_execution, {"executionArn": no_execution}),
        (raised.ExecutionDoesNotExist, sfn.get_execution_history, {"executionArn": no_execution}),
        (raised.ExecutionDoesNotExist, sfn.stop_execution, {"executionArn": no_execution}),
        (raised.ExecutionDoesNotExist, sfn.redrive_execution, {"executionArn": no_execution}),
        (raised.InvalidExecutionInput, sfn.start_execution,
         {"stateMachineArn": standard, "input": "not JSON"}),
        (raised.InvalidToken, sfn.send_task_heartbeat, {"taskToken": "x"}),
        (raised.InvalidToken, sfn.list_state_machines, {"nextToken": "x"}),
        (raised.InvalidOutput, sfn.send_task_success, {"taskToken": "x", "output": "not JSON"}),
        (raised.ActivityDoesNotExist, sfn.get_activity_task, {"activityArn": no_activity}),
        (raised.ResourceNotFound, sfn.describe_map_run, {"mapRunArn": no_run}),
        (raised.ResourceNotFound, sfn.list_tags_for_resource, {"resourceArn": no_activity}),
        (raised.ResourceNotFound, sfn.create_state_machine_alias,
         {"name": "PROD", "routingConfiguration": routes}),
        (raised.TooManyTags, sfn.tag_resource, {"resourceArn": standard, "tags": tags}),
        (raised.ConflictException, sfn.publish_state_machine_version,
         {"stateMachineArn": standard, "revisionId": "other"}),
        (raised.ValidationException, sfn.create_state_machine,
         {"name": name("x"), **new, "versionDescription": "first"}),
    ]
    for exception, call, arguments in table:
        caught(exception, call, **arguments)


def caught(exception, call, **arguments):
    """The call is refused, and its SDK makes that exception of it."""
    try:
        answer = call(**arguments)
    except exception as refusal:
        assert refusal.response["Error"]["Message"], (exception, refusal.response)
        return
    except Exception as other:
        raise AssertionError(f"expected {exception.__name__}, not {other!r}") from other
    raise AssertionError(f"expected {exception.__name__}, not {answer}")


def main():
    sfn = client(sys.argv[1])
    steps = [
        create_start_and_read, start_and_wait, callback, activity, versions, redrive, map_run,
        stop, errors,
    ]
    for step in steps:
        step(sfn)
        print(f"{step.__name__}: as expected", flush=True)


main()
