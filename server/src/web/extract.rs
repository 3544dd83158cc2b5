//! Extractors whose rejections are [`Problem`]s: handlers never see a malformed request.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::IntoResponse;
use http::request::Parts;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::problem::{ApiResult, EN, Problem};

/// Extractor of the query string as decoded pairs. Unknown names are rejected before the handler,
/// by the route's list of parameters.
#[derive(Debug, Clone, Default)]
pub struct Query(pub Vec<(String, String)>);

impl Query {
    /// Gets the value of a parameter that may occur once.
    ///
    /// # Errors
    /// 400 if it occurs twice.
    pub fn get(&self, name: &str) -> ApiResult<Option<&str>> {
        let mut values = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Problem::invalid(name, EN.cause_twice())),
            (value, None) => Ok(value.map(String::as_str)),
        }
    }

    /// Gets and parses the value of a parameter that may occur once; `expected` completes the
    /// sentence "`name` …" if it does not parse.
    ///
    /// # Errors
    /// 400, as for [`Query::get`], and for a value that does not parse.
    pub fn parse<T: std::str::FromStr>(&self, name: &str, expected: &str) -> ApiResult<Option<T>> {
        let parse = |text: &str| text.parse().map_err(|_| Problem::invalid(name, expected));
        self.get(name)?.map(parse).transpose()
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(pairs)| Self(pairs))
            .map_err(|_| Problem::invalid("query", EN.cause_query()))
    }
}

/// Extractor of the placeholders of the route. An invalid value is 404: nothing has that name.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let axum::extract::Path(value) = axum::extract::Path::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found())?;
        Ok(Self(value))
    }
}

/// Extractor and response of a JSON body.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let axum::Json(value) = axum::Json::from_request(request, state).await?;
        Ok(Self(value))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> axum::response::Response {
        axum::Json(self.0).into_response()
    }
}

/// Extractor of an `application/x-www-form-urlencoded` body.
#[derive(Debug, Clone, Copy)]
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let axum::Form(value) = axum::Form::from_request(request, state).await?;
        Ok(Self(value))
    }
}

/// Extractor of a small raw body.
#[derive(Debug, Clone)]
pub struct Body(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Ok(Self(Bytes::from_request(request, state).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_given_once_and_parsed() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let query = Query(vec![pair("limit", "5"), pair("q", "a"), pair("q", "b")]);
        assert_eq!(query.parse("limit", "must be a number").unwrap(), Some(5));
        assert_eq!(query.get("absent").unwrap(), None);
        let detail = |problem: Problem| problem.detail().to_owned();
        assert_eq!(detail(query.get("q").unwrap_err()), "q: is given twice");
        let refused = query.parse::<u8>("q", "must be a number");
        assert_eq!(refused.unwrap_err().status(), 400);
        let query = Query(vec![pair("limit", "many")]);
        let refused = query.parse::<u8>("limit", "must be a number").unwrap_err();
        assert_eq!(detail(refused), "limit: must be a number");
    }
}
