## Units

unit-kind-production = production
unit-kind-golden = golden
unit-kind-reference = reference

units-title = Units
units-question = Which unit?
