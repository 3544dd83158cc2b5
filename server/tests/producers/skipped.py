"""A run that has nothing to test, and one after it that ends before its time."""

import ocptv.output as tv


def main():
    skipped = tv.TestRun(name="nvlink", version="1.0")
    with skipped.scope(dut=tv.Dut(id="node0")):
        step = skipped.add_step("presence")
        with step.scope():
            raise tv.TestStepError(status=tv.TestStatus.SKIP)
        raise tv.TestRunError(status=tv.TestStatus.SKIP, result=tv.TestResult.NOT_APPLICABLE)

    broken = tv.TestRun(name="nvlink-loop", version="1.0")
    with broken.scope(dut=tv.Dut(id="node0")):
        broken.add_error(symptom="no-cable")
        raise tv.TestRunError(status=tv.TestStatus.ERROR, result=tv.TestResult.NOT_APPLICABLE)


if __name__ == "__main__":
    main()
