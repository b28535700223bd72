"""The life of a machine through the AWS CLI, one command after the other.

    python life.py AWS ENDPOINT

AWS is the command. The server has a task `echo`, which gives its input back.
"""

import json
import os
import subprocess
import sys
import tempfile
import uuid

AWS, ENDPOINT = sys.argv[1:3]
ROLE = "arn:aws:iam::000000000000:role/client"


def run(command, *arguments, **options):
    more = [part for key, value in options.items() for part in (f"--{key.replace('_', '-')}", value)]
    line = [AWS, "stepfunctions", command, *arguments, *more]
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": tempfile.gettempdir(),
        "AWS_ENDPOINT_URL_SFN": ENDPOINT,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_PAGER": "",
    }
    return subprocess.run(line, capture_output=True, text=True, env=variables)


def call(command, *arguments, **options):
    done = run(command, *arguments, **options)
    assert done.returncode == 0, (command, done.stderr)
    return json.loads(done.stdout) if done.stdout.strip() else {}


def refused(exception, command, **options):
    done = run(command, **options)
    assert done.returncode != 0 and f"({exception})" in done.stderr, (exception, done)


def main():
    name = f"machine-{uuid.uuid4().hex[:8]}"
    echo = {"Type": "Task", "Resource": "echo", "End": True}
    definition = json.dumps({"StartAt": "Echo", "States": {"Echo": echo}})
    made = call("create-state-machine", name=name, definition=definition, role_arn=ROLE)
    arn = made["stateMachineArn"]
    started = call("start-execution", state_machine_arn=arn, input="[1]")
    execution = started["executionArn"]
    while True:
        found = call("describe-execution", execution_arn=execution)
        if found["status"] != "RUNNING":
            break
    assert found["output"] == "[1]", found
    history = call("get-execution-history", execution_arn=execution, page_size="2")
    assert len(history["events"]) == 7, history
    listed = call("list-executions", state_machine_arn=arn)
    assert len(listed["executions"]) == 1, listed
    call("tag-resource", resource_arn=arn, tags="key=team,value=bakery")
    assert call("list-tags-for-resource", resource_arn=arn)["tags"][0]["value"] == "bakery"
    version = call("publish-state-machine-version", state_machine_arn=arn)
    assert version["stateMachineVersionArn"] == f"{arn}:1", version
    passing = json.dumps({"Type": "Pass", "Result": 7, "End": True})
    judged = call("validate-state-machine-definition", definition=definition)
    assert judged["result"] == "OK", judged
    refused("InvalidArn", "describe-execution", execution_arn="bread")
    refused("InvalidDefinition", "create-state-machine", name="x", definition=passing, role_arn=ROLE)
    call("delete-state-machine", state_machine_arn=arn)
    refused("StateMachineDoesNotExist", "describe-state-machine", state_machine_arn=arn)
    print("the AWS CLI: as expected")


main()
