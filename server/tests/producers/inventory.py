"""A run that says what it tested: software, hardware, subcomponents, metadata."""

import ocptv.output as tv


def main():
    dut = tv.Dut(
        id="node0", name="node0.rack7", metadata=tv.Metadata(unit_serial="SN-0042", site="TPE")
    )
    dut.add_platform_info("two-socket")
    bios = dut.add_software_info(
        name="bios", type=tv.SoftwareType.FIRMWARE, version="10", revision="11"
    )
    gpu = dut.add_hardware_info(
        name="gpu",
        location="SXM3",
        serial_no="GPU-77",
        part_no="900-2",
        manufacturer="ACME",
        revision="A1",
    )
    dut.add_hardware_info(name="fan", location="F_1")

    run = tv.TestRun(name="gpu-check", version="3.0", command_line="gpu-check --all")
    with run.scope(dut=dut):
        step = run.add_step("thermal")
        with step.scope():
            step.add_measurement(
                name="hbm-temp",
                value=81.5,
                unit="C",
                hardware_info=gpu,
                subcomponent=tv.Subcomponent(
                    name="HBM2", type=tv.SubcomponentType.UNSPECIFIED, location="stack 2"
                ),
                validators=[tv.Validator(type=tv.ValidatorType.LESS_THAN, value=95)],
                metadata=tv.Metadata(sensor="t2"),
            )
            step.add_diagnosis(
                tv.DiagnosisType.PASS, verdict="hbm-cool", hardware_info=gpu,
                subcomponent=tv.Subcomponent(name="HBM2"),
            )
            step.add_error(symptom="sensor-slow", software_infos=[bios])
            step.add_file(name="dmesg", uri="file:///var/log/dmesg")
            step.add_extension(name="vendor", content={"@type": "ACME", "fields": [1, 2]})


if __name__ == "__main__":
    main()
