"""A run that passes: measurements with validators of several kinds, and a series."""

import ocptv.output as tv


def main():
    run = tv.TestRun(name="burn-in", version="1.4.2", parameters={"minutes": 5, "mode": "full"})
    dut = tv.Dut(id="node0")
    with run.scope(dut=dut):
        run.add_log(severity=tv.LogSeverity.INFO, message="begins")

        power = run.add_step("power")
        with power.scope():
            power.add_measurement(
                name="12v",
                value=12.04,
                unit="V",
                validators=[
                    tv.Validator(type=tv.ValidatorType.GREATER_THAN_OR_EQUAL, value=11.4),
                    tv.Validator(type=tv.ValidatorType.LESS_THAN_OR_EQUAL, value=12.6),
                ],
            )
            power.add_measurement(
                name="firmware",
                value="2.11-rc1",
                validators=[
                    tv.Validator(
                        type=tv.ValidatorType.REGEX_MATCH, value=r"^\d+\.\d+", name="release"
                    )
                ],
            )
            power.add_measurement(
                name="mode",
                value="full",
                validators=[tv.Validator(type=tv.ValidatorType.IN_SET, value=["full", "short"])],
            )
            power.add_measurement(
                name="secured",
                value=True,
                validators=[tv.Validator(type=tv.ValidatorType.EQUAL, value=True)],
            )
            power.add_measurement(name="note", value="not checked")

        fans = run.add_step("fans")
        with fans.scope():
            speed = fans.start_measurement_series(
                name="fan0",
                unit="rpm",
                validators=[tv.Validator(type=tv.ValidatorType.GREATER_THAN, value=3000)],
            )
            with speed.scope():
                for value in (4200, 4180, 4210.5):
                    speed.add_measurement(value=value)
            fans.add_diagnosis(tv.DiagnosisType.PASS, verdict="fans-good")


if __name__ == "__main__":
    main()
