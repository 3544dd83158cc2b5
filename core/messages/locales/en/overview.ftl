## Overview

overview-title = Overview
overview-question = Are we all right?
