use super::operations::OPERATIONS;
use super::*;
use crate::router::ROUTES;

#[test]
fn every_route_of_the_api_is_documented_and_no_other() {
    let documented: Vec<_> = ROUTES.iter().filter(|route| is_documented(route)).collect();
    for route in &documented {
        let there = operations::find(route.method, route.path).is_some();
        assert!(there, "no operation for {} {}", route.method, route.path);
        for group in route.parameters {
            let named = !group.names().is_empty() && group.described().is_empty();
            assert!(!named, "{} has parameters without a description", route.path);
        }
    }
    assert_eq!(documented.len(), OPERATIONS.len(), "operations of routes that are gone");
}

#[test]
fn every_reference_leads_to_a_schema_and_every_operation_has_an_id_of_its_own() {
    let value = openapi(&ROUTES);
    let text = value.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(value["components"]["schemas"][name].is_object(), "no schema {name}");
    }
    let mut ids: Vec<_> = OPERATIONS.iter().map(|operation| operation.id).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
}
