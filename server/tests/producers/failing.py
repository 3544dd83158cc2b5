"""A run that fails: a measurement out of its limits, a diagnosis and an error."""

import ocptv.output as tv


def main():
    run = tv.TestRun(name="memory", version="1.0")
    run.start(dut=tv.Dut(id="node0"))

    ecc = run.add_step("ecc")
    with ecc.scope():
        ecc.add_measurement(
            name="corrected",
            value=17,
            validators=[tv.Validator(type=tv.ValidatorType.LESS_THAN, value=10)],
        )
        ecc.add_diagnosis(
            tv.DiagnosisType.FAIL, verdict="hbm-ecc", message="more than a part may have"
        )

    scrub = run.add_step("scrub")
    with scrub.scope():
        scrub.add_error(symptom="scrub-timeout", message="after 30 s")
        raise tv.TestStepError(status=tv.TestStatus.ERROR)

    run.add_error(symptom="gave-up")
    run.end(status=tv.TestStatus.COMPLETE, result=tv.TestResult.FAIL)


if __name__ == "__main__":
    main()
