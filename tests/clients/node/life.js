// The life of a machine through @aws-sdk/client-sfn.
//
//     node life.js ENDPOINT
//
// The server has a task `echo`, which gives its input back, and no task `nobody`.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import * as sfn from "@aws-sdk/client-sfn";

const ROLE = "arn:aws:iam::000000000000:role/client";

const client = new sfn.SFNClient({
  endpoint: process.argv[2],
  region: "us-east-1",
  credentials: { accessKeyId: "none", secretAccessKey: "none" },
  // Two operations put `sync-` in front of the host's name unless they are told not to.
  disableHostPrefix: true,
  maxAttempts: 1,
});

const call = (name, request = {}) => client.send(new sfn[`${name}Command`](request));
const name = (what) => `${what}-${randomUUID().slice(0, 8)}`;
const task = (Resource, more = {}) => ({ Type: "Task", Resource, End: true, ...more });
const machine = (StartAt, States) => JSON.stringify({ StartAt, States });

async function create(definition, type = "STANDARD") {
  const request = { name: name("machine"), definition, roleArn: ROLE, type };
  return (await call("CreateStateMachine", request)).stateMachineArn;
}

async function ended(executionArn) {
  for (;;) {
    const found = await call("DescribeExecution", { executionArn });
    if (found.status !== "RUNNING") return found;
  }
}

async function caught(exception, operation, request) {
  await assert.rejects(call(operation, request), (refusal) => {
    assert.ok(refusal instanceof sfn[exception], `${operation}: ${refusal.name}, not ${exception}`);
    assert.ok(refusal.message, exception);
    return true;
  });
}

const steps = {
  async createStartAndRead() {
    const stateMachineArn = await create(machine("Echo", { Echo: task("echo") }));
    const started = await call("StartExecution", { stateMachineArn, input: '{"a": 1.0}' });
    assert.ok(started.startDate instanceof Date);
    const found = await ended(started.executionArn);
    assert.equal(found.output, '{"a": 1.0}');
    const request = { executionArn: started.executionArn };
    const ids = [];
    for await (const page of sfn.paginateGetExecutionHistory({ client, pageSize: 3 }, request)) {
      ids.push(...page.events.map((event) => event.id));
    }
    assert.deepEqual(ids, [1, 2, 3, 4, 5, 6, 7]);
    const tags = [{ key: "team", value: "bakery" }];
    await call("TagResource", { resourceArn: stateMachineArn, tags });
    const listed = await call("ListTagsForResource", { resourceArn: stateMachineArn });
    assert.deepEqual(listed.tags, tags);
    await call("UntagResource", { resourceArn: stateMachineArn, tagKeys: ["team"] });
    await call("DeleteStateMachine", { stateMachineArn });
    await caught("StateMachineDoesNotExist", "DescribeStateMachine", { stateMachineArn });
  },

  async startAndWait() {
    const stateMachineArn = await create(machine("Echo", { Echo: task("echo") }), "EXPRESS");
    const done = await call("StartSyncExecution", { stateMachineArn, input: "[1]" });
    assert.deepEqual([done.status, done.output], ["SUCCEEDED", "[1]"]);
    const definition = JSON.stringify({ Type: "Pass", Result: 7, End: true });
    const tested = await call("TestState", { definition, roleArn: ROLE });
    assert.deepEqual([tested.status, tested.output], ["SUCCEEDED", "7"]);
  },

  async callback() {
    const wait = task("arn:aws:states:::lambda:invoke.waitForTaskToken", {
      Parameters: { FunctionName: "echo", Payload: { "token.$": "$$.Task.Token" } },
    });
    const stateMachineArn = await create(machine("Wait", { Wait: wait }));
    const { executionArn } = await call("StartExecution", { stateMachineArn });
    let token;
    while (token === undefined) {
      const { events } = await call("GetExecutionHistory", { executionArn });
      if (!events.some((event) => event.type === "TaskSubmitted")) continue;
      const scheduled = events.find((event) => event.type === "TaskScheduled");
      token = JSON.parse(scheduled.taskScheduledEventDetails.parameters).Payload.token;
    }
    await call("SendTaskSuccess", { taskToken: token, output: '"called back"' });
    assert.equal((await ended(executionArn)).output, '"called back"');
    await caught("TaskTimedOut", "SendTaskHeartbeat", { taskToken: token });
  },

  async activity() {
    const { activityArn } = await call("CreateActivity", { name: name("activity") });
    const taken = call("GetActivityTask", { activityArn, workerName: "w" });
    const stateMachineArn = await create(machine("Work", { Work: task(activityArn) }));
    const { executionArn } = await call("StartExecution", { stateMachineArn, input: "5" });
    const work = await taken;
    assert.equal(work.input, "5");
    await call("SendTaskFailure", { taskToken: work.taskToken, error: "Oven.Cold" });
    const found = await ended(executionArn);
    assert.deepEqual([found.status, found.error], ["FAILED", "Oven.Cold"]);
    await call("DeleteActivity", { activityArn });
  },

  async versions() {
    const pass = (Result) => machine("P", { P: { Type: "Pass", Result, End: true } });
    const stateMachineArn = await create(pass(1));
    const published = await call("PublishStateMachineVersion", { stateMachineArn });
    const first = published.stateMachineVersionArn;
    const update = { stateMachineArn, definition: pass(2), publish: true };
    const second = (await call("UpdateStateMachine", update)).stateMachineVersionArn;
    const alias = await call("CreateStateMachineAlias", {
      name: "PROD",
      routingConfiguration: [{ stateMachineVersionArn: first, weight: 100 }],
    });
    const { stateMachineAliasArn } = alias;
    const start = { stateMachineArn: stateMachineAliasArn };
    const { executionArn } = await call("StartExecution", start);
    const found = await ended(executionArn);
    assert.deepEqual([found.output, found.stateMachineVersionArn], ["1", first]);
    await caught("ConflictException", "DeleteStateMachineVersion", { stateMachineVersionArn: first });
    await call("UpdateStateMachineAlias", {
      stateMachineAliasArn,
      routingConfiguration: [{ stateMachineVersionArn: second, weight: 100 }],
    });
    await call("DeleteStateMachineVersion", { stateMachineVersionArn: first });
    await call("DeleteStateMachine", { stateMachineArn });
  },

  async redrive() {
    const stateMachineArn = await create(machine("Nobody", { Nobody: task("nobody") }));
    const { executionArn } = await call("StartExecution", { stateMachineArn });
    assert.equal((await ended(executionArn)).redriveStatus, "REDRIVABLE");
    const redriven = await call("RedriveExecution", { executionArn });
    assert.ok(redriven.redriveDate instanceof Date);
    let found = await ended(executionArn);
    while (found.redriveCount !== 1) found = await ended(executionArn);
  },

  async mapRun() {
    const ItemProcessor = {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
      StartAt: "Echo",
      States: { Echo: task("echo") },
    };
    const many = { Type: "Map", ItemProcessor, End: true };
    const stateMachineArn = await create(machine("Many", { Many: many }));
    const { executionArn } = await call("StartExecution", { stateMachineArn, input: "[1,2]" });
    assert.equal((await ended(executionArn)).output, "[1,2]");
    const { mapRuns } = await call("ListMapRuns", { executionArn });
    const { mapRunArn } = mapRuns[0];
    const described = await call("DescribeMapRun", { mapRunArn });
    assert.equal(described.executionCounts.succeeded, 2);
    const { executions } = await call("ListExecutions", { mapRunArn });
    assert.equal(executions.length, 2);
  },

  async errors() {
    const arn = (rest) => `arn:aws:states:us-east-1:000000000000:${rest}`;
    const stateMachineArn = await create(machine("Echo", { Echo: task("echo") }));
    const table = [
      ["InvalidArn", "DescribeExecution", { executionArn: "bread" }],
      ["InvalidName", "CreateActivity", { name: "a b" }],
      ["InvalidDefinition", "CreateStateMachine", { name: "x", definition: "{}", roleArn: ROLE }],
      ["StateMachineDoesNotExist", "StartExecution", { stateMachineArn: arn("stateMachine:no") }],
      ["StateMachineTypeNotSupported", "StartSyncExecution", { stateMachineArn }],
      ["ExecutionDoesNotExist", "StopExecution", { executionArn: arn("execution:no:no") }],
      ["InvalidExecutionInput", "StartExecution", { stateMachineArn, input: "not JSON" }],
      ["InvalidToken", "SendTaskHeartbeat", { taskToken: "x" }],
      ["InvalidOutput", "SendTaskSuccess", { taskToken: "x", output: "not JSON" }],
      ["ActivityDoesNotExist", "GetActivityTask", { activityArn: arn("activity:no") }],
      ["ResourceNotFound", "DescribeMapRun", { mapRunArn: arn("mapRun:no/no:1") }],
      ["MissingRequiredParameter", "UpdateStateMachine", { stateMachineArn }],
      ["ValidationException", "ListStateMachineVersions", { stateMachineArn, maxResults: 1001 }],
    ];
    for (const row of table) await caught(...row);
  },
};

for (const [step, walk] of Object.entries(steps)) {
  await walk();
  console.log(`${step}: as expected`);
}
